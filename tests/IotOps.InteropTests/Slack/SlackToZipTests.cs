using System.IO.Compression;
using System.Net;
using System.Text.Json;
using IotOps.Emulator;
using IotOps.InteropTests.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.Samples.Tests.LogExport;
using IotOps.Slack;
using IotOps.TestKit;

namespace IotOps.InteropTests.Slack;

/// <summary>From the signed form to the files in the zip, through the real programs: serve, AWS Batch, generate-ziplog.</summary>
public sealed class SlackToZipTests(InteropPeers peers) : IAsyncLifetime
{
    private const string Bucket = "slack-to-zip";
    private const string RoleArn = "arn:aws:iam::210987654321:role/LogExport";

    private static readonly TimeSpan SlackWaits = TimeSpan.FromSeconds(3);

    private readonly TempDirectory _directory = new();
    private readonly HttpClient _http = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_command_becomes_a_zip_whose_files_equal_the_sources()
    {
        Dictionary<string, string> environment = Environment();
        await PutLogsAsync(environment);
        await ShowAsync(environment);
    }

    [Fact]
    public async Task The_same_with_moto_as_S3()
    {
        Dictionary<string, string> environment = Environment();
        environment["AWS_ENDPOINT_URL_S3"] = (await peers.MotoAsync()).ToString().TrimEnd('/');
        environment["AWS_ENDPOINT_URL_BATCH"] = environment["AWS_ENDPOINT_URL"];
        environment["LOGEXPORT_BUCKET"] = $"{Bucket}-moto";
        await PutLogsAsync(environment);
        await ShowAsync(environment);
    }

    [Fact]
    public async Task Two_identical_requests_at_once_are_one_job()
    {
        Dictionary<string, string> environment = Environment();
        await PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment);
        SlackForm form = Form();

        // Each press has a response_url of its own.
        string[] outcomes = await Task.WhenAll(OutcomeAsync(serve, form), OutcomeAsync(serve, Form()));

        outcomes.Count(a => a.Contains("Generating log file...", StringComparison.Ordinal)).ShouldBe(1);
        outcomes.Count(a => a.Contains("being generated already", StringComparison.Ordinal) || a.Contains("a moment ago", StringComparison.Ordinal)).ShouldBe(1);
        EmulatedBatchJob job = _aws.Batch.Jobs.ShouldHaveSingleItem();
        (await _aws.Batch.WaitAsync(job.JobId, Cancel)).Status.ShouldBe(BatchJobStatus.Succeeded);
    }

    [Fact]
    public async Task A_response_url_elsewhere_is_refused_and_nothing_is_sent_there()
    {
        await using AwsEmulator elsewhere = await AwsEmulator.StartAsync();
        await using LogExportProcess serve = await LogExportProcess.StartAsync(Environment());
        SlackForm form = Form() with { ResponseUrl = elsewhere.Slack.CreateResponseUrl().AbsoluteUri };

        using HttpResponseMessage answer = await SendAsync(serve, form.ToBytes());

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        elsewhere.Slack.Posts.ShouldBeEmpty();
        _aws.Batch.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_accounts_job_is_submitted_by_its_role()
    {
        _aws.Sts.SetRole(new EmulatedRole { Arn = RoleArn, ExternalId = "the word of both" });
        Dictionary<string, string> environment = Environment();
        await PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--config", WriteConfig("environments.json5",
            $$"""
            environments: { prod: { bucket: '{{Bucket}}', roleArn: '{{RoleArn}}', externalId: 'the word of both', jobQueue: 'slack', jobDefinition: 'iot-log-export' } },
            """));

        string outcome = await OutcomeAsync(serve, Form() with { Text = "THING00001 command 2023/10/01 prod" });

        outcome.ShouldContain("Generating log file...");
        EmulatedBatchJob job = _aws.Batch.Jobs.ShouldHaveSingleItem();
        job.JobName.ShouldStartWith("prod-");
        job.SubmittedBy.ShouldContain("LogExport");
        _aws.Sts.Requests.ShouldNotBeEmpty();
        await _aws.Batch.WaitAsync(job.JobId, Cancel);
    }

    [Fact]
    public async Task Exports_may_run_in_the_server_itself()
    {
        Dictionary<string, string> environment = Environment();
        await PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--runner", "local");

        (await OutcomeAsync(serve, Form())).ShouldContain("Generating log file...");

        (await PostAsync("complete")).Text.ShouldContain("complete");
        _aws.Batch.Jobs.ShouldBeEmpty();
    }

    private async Task ShowAsync(Dictionary<string, string> environment)
    {
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment);
        SlackForm form = Form();
        long begun = TimeProvider.System.GetTimestamp();
        string answer = await PostAsync(serve, form);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(SlackWaits);
        await ToldAsync(answer, form);

        EmulatedBatchJob job = _aws.Batch.Jobs.ShouldHaveSingleItem();
        job = await _aws.Batch.WaitAsync(job.JobId, Cancel);
        job.Status.ShouldBe(BatchJobStatus.Succeeded, job.Output);
        ShouldKeepSecrets(serve, job, form);
        await ReadZipAsync(Link(await PostAsync("complete")));

        IReadOnlyList<ReceivedSlackPost> posts = _aws.Slack.Posts;
        posts.Count.ShouldBeInRange(2, 5);
        posts.ShouldAllBe(p => p.Error == null);
        posts.First(p => !p.Json.Contains("Generating", StringComparison.Ordinal)).Json.ShouldContain("Output Progress: 10%");
        posts[^1].Json.ShouldContain("Output Progress: 100%");
        posts[^1].Json.ShouldContain("The download link is valid for up to 60 minutes.");

        string again = await PostAsync(serve, form with { Text = $"link {job.JobName}" });
        again.ShouldContain("X-Amz-Signature=");
    }

    private static void ShouldKeepSecrets(LogExportProcess serve, EmulatedBatchJob job, SlackForm form)
    {
        string all = string.Join('\n', serve.Written, serve.CommandLine, job.Output, string.Join(' ', job.Command), string.Join(' ', job.Parameters.Values));
        all.ShouldContain("THING00001");
        all.ShouldNotContain(SlackForm.Secret);
        all.ShouldNotContain(form.ResponseUrl);
        all.ShouldNotContain(new Uri(form.ResponseUrl).AbsolutePath);
        all.ShouldNotContain("gIkuvaNzQIHg97ATvDxqgjtO");
    }

    private async Task ReadZipAsync(Uri link)
    {
        string file = _directory["out.zip"];
        await File.WriteAllBytesAsync(file, await _http.GetByteArrayAsync(link, Cancel), Cancel);
        (await PeerCommand.RunAsync(peers.Require("unzip").Program, ["-t", file])).ShouldContain("No errors detected");
        using ZipArchive zip = await ZipFile.OpenReadAsync(file, Cancel);
        foreach (string category in (string[])["telemetry", "command"])
        {
            using var reader = new StreamReader(zip.GetEntry($"{category}_20231001.log")!.Open());
            (await reader.ReadToEndAsync(Cancel)).ShouldBe(string.Concat(Enumerable.Range(0, 24).Select(hour => Line(category, hour))));
        }
    }

    // What the user is told in the end: at once, or, on a busy machine, by response_url.
    private async Task<string> OutcomeAsync(LogExportProcess serve, SlackForm form) => await ToldAsync(await PostAsync(serve, form), form);

    private async Task<string> ToldAsync(string answer, SlackForm form) =>
        answer.Contains("has arrived", StringComparison.Ordinal) ? (await PostAsync("log file", form.ResponseUrl)).Json : answer;

    private async Task<ReceivedSlackPost> PostAsync(string text, string? responseUrl = null)
    {
        for (int count = 1; ; count++)
        {
            IReadOnlyList<ReceivedSlackPost> posts = await _aws.Slack.WaitForPostsAsync(count, Cancel);
            posts.ShouldNotContain(p => p.Text.Contains("failed", StringComparison.Ordinal));
            if (posts.FirstOrDefault(p => p.Json.Contains(text, StringComparison.Ordinal) && (responseUrl is null || p.ResponseUrl?.AbsoluteUri == responseUrl)) is { } found)
            {
                return found;
            }
        }
    }

    private static Uri Link(ReceivedSlackPost post)
    {
        using JsonDocument json = JsonDocument.Parse(post.Json);
        JsonElement actions = json.RootElement.GetProperty("blocks").EnumerateArray().First(b => b.GetProperty("type").GetString() == "actions");
        return new Uri(actions.GetProperty("elements")[0].GetProperty("url").GetString()!);
    }

    private SlackForm Form() => new() { ResponseUrl = _aws.Slack.CreateResponseUrl().AbsoluteUri };

    private async Task<string> PostAsync(LogExportProcess serve, SlackForm form)
    {
        using HttpResponseMessage answer = await SendAsync(serve, form.ToBytes());
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    private Task<HttpResponseMessage> SendAsync(LogExportProcess serve, byte[] body)
    {
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(serve.Address, "/slack/iot-log")) { Content = new ByteArrayContent(body) };
        request.Headers.Add(SlackRequestHeaders.TimestampName, signed.Timestamp);
        request.Headers.Add(SlackRequestHeaders.SignatureName, signed.Signature);
        return _http.SendAsync(request, Cancel);
    }

    private Dictionary<string, string> Environment()
    {
        Dictionary<string, string> environment = EmulatorPeer.Environment(_aws);
        environment["SLACK_SIGNING_SECRET"] = $"an old secret,{SlackForm.Secret}";
        environment["LOGEXPORT_CONFIG"] = WriteConfig("export.json5", "");
        environment["LOGEXPORT_BUCKET"] = Bucket;
        _aws.Batch.CreateJobQueue("slack");
        return environment;
    }

    private string WriteConfig(string name, string more)
    {
        string file = _directory[name];
        File.WriteAllText(file,
            $$"""
            {
              bucket: '{{Bucket}}', jobQueue: 'slack', jobDefinition: 'iot-log-export',
              categories: {
                telemetry: { prefix: 'telemetry/{yyyy}/{MM}/{dd}/{HH}/', identifier: 'thingName', time: 'timestamp', deliveryDelay: '1h' },
                command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/', aliases: ['commands'], deliveryDelay: '0' },
              },
              slack: { responseHosts: ['{{_aws.Endpoint.Authority}}'] },
              {{more}}
            }
            """);
        return file;
    }

    // The job gets what a container of the job definition would get: no secret of Slack's.
    private async Task PutLogsAsync(Dictionary<string, string> environment)
    {
        _aws.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "iot-log-export",
            EntryPoint = ["dotnet", LogExportProcess.Dll],
            Command = ["generate-ziplog", "--identifier", "Ref::Identifier", "--category", "Ref::Category", "--date", "Ref::Date", "--request", "Ref::Request"],
            Environment = environment.Where(v => v.Key != "SLACK_SIGNING_SECRET").ToDictionary(StringComparer.Ordinal),
        });
        for (int hour = 0; hour < 24; hour++)
        {
            Write($"in/telemetry/2023/10/01/{hour:00}/delivered", Line("telemetry", hour) + Line("telemetry", hour).Replace("THING00001", "THING00002", StringComparison.Ordinal));
            Write($"in/commands/THING00001/2023/10/01/{hour:00}", Line("command", hour));
        }

        string aws = peers.Require("aws-cli").Program;
        await PeerCommand.RunAsync(aws, ["s3", "mb", $"s3://{environment["LOGEXPORT_BUCKET"]}"], environment);
        await PeerCommand.RunAsync(aws, ["s3", "cp", "--recursive", "--quiet", _directory["in"], $"s3://{environment["LOGEXPORT_BUCKET"]}/"], environment);
    }

    private static string Line(string category, int hour) =>
        $$"""{"thingName":"THING00001","timestamp":{{1_696_118_400_000L + (hour * 3_600_000L)}},"category":"{{category}}"}""" + "\n";

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[path])!);
        File.WriteAllText(_directory[path], content);
    }
}
