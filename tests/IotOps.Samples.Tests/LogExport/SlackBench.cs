using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Samples.LogExport.Environments;
using IotOps.Samples.LogExport.Reporting;
using IotOps.Samples.LogExport.Requests;
using IotOps.Samples.LogExport.Serving;
using IotOps.Samples.Logging;
using IotOps.Slack;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Tests.LogExport;

/// <summary>The endpoint on the emulator's S3, with jobs and a Slack that a test looks into.</summary>
internal sealed class SlackBench : IAsyncDisposable
{
    public const string Bucket = "dev-iot-logs";

    private readonly StringWriter _log = new();
    private readonly LineLoggerProvider _logging;
    private readonly AwsClient _client;
    private readonly SlackResponder _responder;

    private SlackBench(AwsEmulator emulator, ManualTimeProvider time, int limit)
    {
        Emulator = emulator;
        Time = time;
        emulator.S3.CreateBucket(Bucket);
        var credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey);

        // Signatures go by the emulator's clock, which is the system's; what is tested goes by the manual one.
        _client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = "us-east-1",
            Credentials = credentials,
            Endpoint = emulator.Endpoint,
            Retry = new AwsRetryOptions { BaseDelay = TimeSpan.Zero },
        });
        Documents = new S3Documents(_client, Bucket);
        Requests = new RequestStore(Documents);
        Exporter = new LogExporter(new LogExporterOptions
        {
            S3 = new AmazonS3Client(credentials, new AmazonS3Config { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true }),
            Bucket = Bucket,
            LostObjects = LostObjectPolicy.Skip,
            Layout = new LogLayout(
                new LogCategory { Name = "telemetry", Prefix = "telemetry/{identifier}/{yyyy}/{MM}/{dd}/" },
                new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" }),
        });
        Slack = new StubHttpHandler(_ => SlackAnswer());
        _responder = new SlackResponder(new SlackResponderOptions { Handler = Slack, TimeProvider = time });
        _logging = new LineLoggerProvider(_log, time);
        ILogger logger = _logging.CreateLogger("LogExport");
        Messages = new ExportMessages("/iot-log");
        var environments = new ExportEnvironments([], _ =>
        {
            Opening();
            return new ExportEnvironment(Requests, Jobs, new Lazy<LogExporter>(() => Exporter));
        });
        var options = new LogExportCommandOptions { Categories = [new("telemetry"), new("command") { Aliases = ["commands"] }], TimeProvider = time };
        UnderWay = new RequestsUnderWay(limit);
        Endpoint = new SlackEndpoint(
            new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = [SlackForm.Secret], TimeProvider = time }),
            _responder,
            new CommandAnswers(options, environments, Messages, time, logger),
            UnderWay,
            time,
            logger);
        Export = new ReportedExport(Exporter, _responder, chat: null, Messages, time, logger);
    }

    public AwsEmulator Emulator { get; }

    public ManualTimeProvider Time { get; }

    public FakeJobs Jobs { get; } = new();

    /// <summary>Runs where the environment is opened, by the first command that needs it.</summary>
    public Action Opening { get; set; } = () => { };

    public S3Documents Documents { get; }

    public RequestStore Requests { get; }

    public LogExporter Exporter { get; }

    public ExportMessages Messages { get; }

    public RequestsUnderWay UnderWay { get; }

    public SlackEndpoint Endpoint { get; }

    public ReportedExport Export { get; }

    /// <summary>What was posted to response_urls.</summary>
    public StubHttpHandler Slack { get; }

    public Func<HttpResponseMessage> SlackAnswer { get; set; } = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") };

    public string Log => _log.ToString();

    /// <summary>The texts that Slack received, oldest first.</summary>
    public IReadOnlyList<string> Posted => [.. Slack.Requests.Select(r => Shown(r.Body))];

    public static async Task<SlackBench> StartAsync(int limit = 100) =>
        new(await AwsEmulator.StartAsync(), new ManualTimeProvider(), limit);

    /// <summary>Posts a form, signed now.</summary>
    public Task<SlackReply> PostAsync(SlackForm form)
    {
        byte[] body = form.ToBytes();
        return Endpoint.HandleAsync(SlackForm.Sign(body, Time.GetUtcNow()), body, Time.GetTimestamp());
    }

    /// <summary>All text of a message, of its blocks when it has any.</summary>
    public static string Shown(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Append(document.RootElement.TryGetProperty("blocks", out JsonElement blocks) ? blocks : document.RootElement.GetProperty("text"));
        return text.ToString().TrimEnd('\n');

        void Append(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    text.Append(element.GetString()).Append('\n');
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in element.EnumerateArray())
                    {
                        Append(item);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty member in element.EnumerateObject().Where(m => m.Name is "text" or "elements" or "url"))
                    {
                        Append(member.Value);
                    }

                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await UnderWay.StopAsync();
        UnderWay.Dispose();
        _responder.Dispose();
        Slack.Dispose();
        _client.Dispose();
        _logging.Dispose();
        await Emulator.DisposeAsync();
    }
}
