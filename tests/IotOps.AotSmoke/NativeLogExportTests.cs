using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Slack;
using IotOps.SlackExport.Tests;
using IotOps.SlackExport.Tests.Lambda;
using IotOps.TestKit;

namespace IotOps.AotSmoke;

/// <summary>The program of the image and of the Lambda function, where no .NET is.</summary>
public sealed class NativeLogExportTests(NativeLogExport native, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Bucket = "dev-iot-logs";
    private const string RoleArn = "arn:aws:iam::210987654321:role/LogExport";

    private static readonly TimeSpan SlackWaits = TimeSpan.FromSeconds(3);

    private readonly TempDirectory _directory = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Day { get; } = string.Concat(Enumerable.Range(0, 24).Select(Line));

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync();
        _aws.S3.CreateBucket(Bucket);
        _aws.Sts.SetRole(new EmulatedRole { Arn = RoleArn, ExternalId = "the-word-of-both" });
        _aws.Batch.CreateJobQueue("slack");
        _aws.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "export", Run = (_, _) => Task.FromResult(0) });
        using var s3 = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = "us-east-1",
            Endpoint = _aws.Endpoint,
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
        });
        for (int hour = 0; hour < 24; hour++)
        {
            await s3.SendAsync(
                new AwsRequest { Operation = "PutObject", Method = HttpMethod.Put, Path = $"/{Bucket}/commands/THING00001/2023/10/01/{hour:00}", Body = Encoding.UTF8.GetBytes(Line(hour)) },
                Cancel);
        }

        await File.WriteAllTextAsync(
            _directory["export.json5"],
            $$"""
            { bucket: '{{Bucket}}', jobQueue: 'slack', jobDefinition: 'export',
              categories: { command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/' } },
              slack: { responseHosts: ['{{_aws.Endpoint.Authority}}'], authorization: { app: 'A0001', workspaces: [{ team: 'T0001', grants: [{ users: ['*'], categories: ['*'] }] }] }, apiUrl: '{{_aws.Slack.ApiUrl}}' } }
            """,
            Cancel);
        await File.WriteAllTextAsync(
            _directory["environments.json5"],
            $$"""
            { categories: { command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/' } },
              environments: { prod: { bucket: '{{Bucket}}', roleArn: '{{RoleArn}}', externalId: 'the-word-of-both' } } }
            """,
            Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public void It_is_published_without_a_warning()
    {
        native.PublishOutput.ShouldNotContain("warning", Case.Insensitive);
        output.WriteLine($"LogExport: {new FileInfo(native.Path).Length / 1e6:N1} MB on disk");
    }

    [Fact]
    public async Task It_exports_a_day_in_an_account_whose_role_it_assumes()
    {
        using var run = new AgentRun(Start(
            "environments.json5", "generate-ziplog", "--identifier", "THING00001", "--category", "command", "--date", "2023/10/01", "--environment", "prod", "--json"));
        (int code, string printed, string error) = await run.WaitAsync();

        code.ShouldBe(0, error);
        JsonElement result = JsonDocument.Parse(printed).RootElement;
        result.GetProperty("records").GetInt64().ShouldBe(24);
        (await ReadZipAsync(result.GetProperty("url").GetString()!)).ShouldBe(Day);
    }

    [Fact]
    public async Task It_answers_as_a_Lambda_function_within_Slacks_patience()
    {
        await using var api = new FakeRuntimeApi();
        api.Queue(new SlackForm { Text = "THING00001 command 2023/10/01", ResponseUrl = _aws.Slack.CreateResponseUrl().AbsoluteUri }.ToEvent(TimeProvider.System.GetUtcNow()));
        ProcessStartInfo start = Start("export.json5");
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;
        start.Environment["SLACK_SIGNING_SECRET"] = SlackForm.Secret;

        using var run = new AgentRun(start);
        await api.WaitForCallsAsync(2, Cancel);
        TimeSpan first = TimeProvider.System.GetElapsedTime(run.StartedAt);
        await run.TerminateAsync();
        (int code, _, string error) = await run.WaitAsync();

        output.WriteLine($"LogExport as a Lambda function: {first.TotalMilliseconds:N0} ms from start to first answer");
        api.Calls[1].ShouldContain("Generating log file...", customMessage: error);
        first.ShouldBeLessThan(SlackWaits);
        code.ShouldBe(0, error);
    }

    [Fact]
    public async Task It_serves_over_HTTP_and_exports_in_the_process()
    {
        ProcessStartInfo start = Start("export.json5", "serve", "--urls", "http://127.0.0.1:0", "--runner", "local");
        start.Environment["SLACK_SIGNING_SECRET"] = SlackForm.Secret;
        start.Environment["SLACK_BOT_TOKEN"] = _aws.Slack.BotToken;
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        using Process serve = Process.Start(start)!;
        try
        {
            string listening = (await serve.StandardOutput.ReadLineAsync(Cancel))!;
            byte[] body = new SlackForm { Text = "THING00001 command 2023/10/01", ResponseUrl = _aws.Slack.CreateResponseUrl().AbsoluteUri }.ToBytes();
            SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Add(SlackRequestHeaders.TimestampName, signed.Timestamp);
            http.DefaultRequestHeaders.Add(SlackRequestHeaders.SignatureName, signed.Signature);
            using HttpResponseMessage answer = await http.PostAsync(new Uri($"{listening["Listening on ".Length..]}/slack/iot-log"), new ByteArrayContent(body), Cancel);

            (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("Generating log file...");
            ReceivedSlackPost done = await WaitForPostAsync("complete");
            using JsonDocument json = JsonDocument.Parse(done.Json);
            JsonElement actions = json.RootElement.GetProperty("blocks").EnumerateArray().First(b => b.GetProperty("type").GetString() == "actions");
            (await ReadZipAsync(actions.GetProperty("elements")[0].GetProperty("url").GetString()!)).ShouldBe(Day);
        }
        finally
        {
            serve.Kill();
            await serve.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Line(int hour) => $$"""{"hour":{{hour}},"command":"reboot"}""" + "\n";

    private static async Task<string> ReadZipAsync(string link)
    {
        using var http = new HttpClient();
        using var zip = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync(link, Cancel)));
        using var reader = new StreamReader(zip.GetEntry("command_20231001.log")!.Open());
        return await reader.ReadToEndAsync(Cancel);
    }

    private async Task<ReceivedSlackPost> WaitForPostAsync(string text)
    {
        for (int count = 1; ; count++)
        {
            IReadOnlyList<ReceivedSlackPost> posts = await _aws.Slack.WaitForPostsAsync(count, Cancel);
            if (posts.FirstOrDefault(p => p.Text.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }
        }
    }

    private ProcessStartInfo Start(string config, params string[] arguments) => new(native.Path, arguments)
    {
        Environment =
        {
            ["AWS_ENDPOINT_URL"] = _aws.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = _aws.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = _aws.SecretAccessKey,
            ["AWS_REGION"] = "us-east-1",
            ["LOGEXPORT_CONFIG"] = _directory[config],
            ["DOTNET_ROOT"] = "/nonexistent",
        },
    };
}
