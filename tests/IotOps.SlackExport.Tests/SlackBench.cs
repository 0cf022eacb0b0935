using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Slack;
using IotOps.SlackExport.Authorizing;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.SlackExport.Serving;
using IotOps.SlackExport.Tests.Hosting;
using IotOps.TestKit;

namespace IotOps.SlackExport.Tests;

/// <summary>The endpoint on the emulator's S3, with jobs and a Slack that a test looks into.</summary>
internal sealed class SlackBench : IAsyncDisposable
{
    public const string Bucket = "dev-iot-logs";

    private readonly LogText _log = new();
    private readonly AwsClient _client;
    private readonly SlackPoster _poster;

    private SlackBench(AwsEmulator emulator, ManualTimeProvider time, int limit, Func<SlackExportOptions, SlackExportOptions> configure)
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
        Documents = new S3Documents(_client, Bucket, TimeProvider.System);
        Requests = new RequestStore(Documents);
        var layout = new LogLayout(
            new LogCategory { Name = "telemetry", Prefix = "telemetry/{identifier}/{yyyy}/{MM}/{dd}/" },
            new LogCategory { Name = "command", Aliases = ["commands"], Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" });
        Exporter = new LogExporter(new LogExporterOptions
        {
            S3 = new AmazonS3Client(credentials, new AmazonS3Config { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true }),
            Bucket = Bucket,
            LostObjects = LostObjectPolicy.Skip,
            Layout = layout,
        });
        Slack = new StubHttpHandler(_ => SlackAnswer());
        SlackExportOptions options = configure(new SlackExportOptions
        {
            SigningSecrets = [SlackForm.Secret],
            Authorization = Fleet.Everybody,
            Layout = layout,
            Environments = [new SlackExportEnvironment { Bucket = Bucket }],
            SlackTransport = Slack,
            TimeProvider = time,
        });
        options.Validate(nameof(options));
        options.Authorization!.Problem(options).ShouldBeNull();

        _poster = new SlackPoster(options);
        var environments = new OpenEnvironments(options.Environments, _ =>
        {
            Opening();
            return new OpenEnvironment(
                Requests, Jobs, Links!, new Lazy<LogExporter>(() => Exporter), new Lazy<LogExporter>(() => Exporter), new Lazy<S3Documents>(() => Documents));
        });
        InFlight = new InFlightRequests(limit);
        Address = new PublicAddress(options.PublicUrl);
        Links = new DownloadLinks(Requests, Address, TimeSpan.FromHours(1), time);
        Downloads = new DownloadEndpoint(environments, InFlight, time, _log);
        Endpoint = new SlackEndpoint(
            new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = options.SigningSecrets, TimeProvider = time }),
            _poster.Responder,
            new CommandAnswers(
                options.ToCommandOptions(),
                new Authorizer(options.Authorization, new UserGroupMembers(_poster.Chat, time, _log)),
                new S3ReplayStore(Documents),
                new ExportSubmissions(new RequestIds(options.SigningSecrets), new JobQuota(Documents, options.Authorization.JobsPerUserAndHour), _poster.Messages, _log),
                environments,
                _poster.Messages,
                time,
                _log),
            InFlight,
            time,
            _log);
        FailedJobs = new FailedJobReports(environments, _poster, time, _log);
        Export = new ReportedExport(Exporter, Links, _poster, time, _log);
    }

    public AwsEmulator Emulator { get; }

    public ManualTimeProvider Time { get; }

    public FakeJobs Jobs { get; } = new();

    /// <summary>Runs where the environment is opened, by the first command that needs it.</summary>
    public Action Opening { get; set; } = () => { };

    public S3Documents Documents { get; }

    public RequestStore Requests { get; }

    public LogExporter Exporter { get; }

    public InFlightRequests InFlight { get; }

    public SlackEndpoint Endpoint { get; }

    public PublicAddress Address { get; }

    public DownloadLinks Links { get; }

    public DownloadEndpoint Downloads { get; }

    public FailedJobReports FailedJobs { get; }

    public ReportedExport Export { get; }

    /// <summary>What was posted to response_urls.</summary>
    public StubHttpHandler Slack { get; }

    public Func<HttpResponseMessage> SlackAnswer { get; set; } = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") };

    public string Log => _log.ToString();

    /// <summary>The texts that Slack received, oldest first.</summary>
    public IReadOnlyList<string> Posted => [.. Slack.Requests.Select(r => Shown(r.Body))];

    public static async Task<SlackBench> StartAsync(int limit = 100, Func<SlackExportOptions, SlackExportOptions>? configure = null) =>
        new(await AwsEmulator.StartAsync(), new ManualTimeProvider(), limit, configure ?? (options => options));

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
        await InFlight.StopAsync();
        InFlight.Dispose();
        _poster.Dispose();
        Slack.Dispose();
        _client.Dispose();
        await Emulator.DisposeAsync();
    }
}
