using System.IO.Compression;
using System.Text.Json;
using IotOps.Emulator;
using IotOps.InteropTests.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.SlackExport.Tests;
using IotOps.Slack;
using IotOps.TestKit;

namespace IotOps.InteropTests.Slack;

/// <summary>An emulated AWS and Slack with a day of logs, a configuration that says so, and a user who posts signed forms.</summary>
internal sealed class SlackStage(InteropPeers peers) : IAsyncDisposable
{
    public const string Bucket = "slack-to-zip";

    /// <summary>Every member of the forms' workspace may export everything.</summary>
    private const string Authorization =
        "authorization: { app: 'A0001', jobsPerUserAndHour: 100, workspaces: [{ team: 'T0001', grants: [{ users: ['*'], environments: ['*'], categories: ['*'] }] }] }";

    private readonly TempDirectory _directory = new();
    private readonly HttpClient _http = new();

    public AwsEmulator Aws { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SlackStage> OpenAsync(InteropPeers peers)
    {
        var stage = new SlackStage(peers) { Aws = await AwsEmulator.StartAsync() };
        stage.Aws.Batch.CreateJobQueue("slack");
        return stage;
    }

    /// <summary>What serve is told by variables.</summary>
    public Dictionary<string, string> Environment()
    {
        Dictionary<string, string> environment = EmulatorPeer.Environment(Aws);
        environment["SLACK_SIGNING_SECRET"] = $"an old secret,{SlackForm.Secret}";
        environment["LOGEXPORT_CONFIG"] = WriteConfig("export.json5", "");
        environment["LOGEXPORT_BUCKET"] = Bucket;
        return environment;
    }

    /// <summary>Writes a configuration.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="environments">More members of its object; empty for none.</param>
    /// <param name="slack">More members of its <c>slack</c>, each with a comma before it.</param>
    /// <param name="common">Bucket, queue and definition, with a comma behind each.</param>
    public string WriteConfig(
        string name, string environments, string slack = "", string common = $"bucket: '{Bucket}', jobQueue: 'slack', jobDefinition: 'iot-log-export',")
    {
        string file = _directory[name];
        File.WriteAllText(file,
            $$"""
            {
              {{common}}
              categories: {
                telemetry: { prefix: 'telemetry/{yyyy}/{MM}/{dd}/{HH}/', identifier: 'thingName', time: 'timestamp', deliveryDelay: '1h' },
                command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/', aliases: ['commands'], deliveryDelay: '0' },
              },
              slack: { responseHosts: ['{{Aws.Endpoint.Authority}}'], apiUrl: '{{Aws.Slack.ApiUrl}}', {{Authorization}}{{slack}} },
              {{environments}}
            }
            """);
        return file;
    }

    /// <summary>Puts the logs into the bucket that the variables name, by aws-cli, and registers the job that exports them.</summary>
    public async Task PutLogsAsync(Dictionary<string, string> environment, string jobDefinition = "iot-log-export")
    {
        // The job gets what a container of the job definition would get: no signing secret.
        Aws.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = jobDefinition,
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

    /// <summary>A command with a response_url of its own, as each press has one.</summary>
    public SlackForm Form() => new() { ResponseUrl = Aws.Slack.CreateResponseUrl().AbsoluteUri };

    /// <summary>Posts a form and returns the answer, which is 200.</summary>
    public async Task<string> PostAsync(LogExportProcess serve, SlackForm form)
    {
        using HttpResponseMessage answer = await SendAsync(serve, form);
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text;
    }

    /// <summary>Posts a form, signed now.</summary>
    public Task<HttpResponseMessage> SendAsync(LogExportProcess serve, SlackForm form)
    {
        byte[] body = form.ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(serve.Address, "/slack/iot-log")) { Content = new ByteArrayContent(body) };
        request.Headers.Add(SlackRequestHeaders.TimestampName, signed.Timestamp);
        request.Headers.Add(SlackRequestHeaders.SignatureName, signed.Signature);
        return _http.SendAsync(request, Cancel);
    }

    /// <summary>What the user is told in the end: at once, or, on a busy machine, by response_url.</summary>
    public async Task<string> OutcomeAsync(LogExportProcess serve, SlackForm form) => await ToldAsync(await PostAsync(serve, form), form);

    /// <summary>What the user is told after that answer.</summary>
    public async Task<string> ToldAsync(string answer, SlackForm form) =>
        answer.Contains("has arrived", StringComparison.Ordinal)
            ? (await WaitForPostAsync(p => p.ResponseUrl?.AbsoluteUri == form.ResponseUrl && !p.Json.Contains("Output Progress", StringComparison.Ordinal))).Json
            : answer;

    /// <summary>Waits for a post with that text.</summary>
    public Task<ReceivedSlackPost> WaitForPostAsync(string text, string? responseUrl = null) =>
        WaitForPostAsync(p => p.Json.Contains(text, StringComparison.Ordinal) && (responseUrl is null || p.ResponseUrl?.AbsoluteUri == responseUrl));

    private async Task<ReceivedSlackPost> WaitForPostAsync(Func<ReceivedSlackPost, bool> isIt)
    {
        for (int count = 1; ; count++)
        {
            IReadOnlyList<ReceivedSlackPost> posts = await Aws.Slack.WaitForPostsAsync(count, Cancel);
            posts.ShouldNotContain(p => p.Text.Contains("failed", StringComparison.Ordinal));
            if (posts.FirstOrDefault(isIt) is { } found)
            {
                return found;
            }
        }
    }

    /// <summary>Waits for the job of that name and that it ends well.</summary>
    public async Task<EmulatedBatchJob> WaitForJobAsync(string name, BatchJobStatus status = BatchJobStatus.Succeeded)
    {
        EmulatedBatchJob job = Aws.Batch.Jobs.Single(j => j.JobName.StartsWith(name, StringComparison.Ordinal));
        job = await Aws.Batch.WaitAsync(job.JobId, Cancel);
        job.Status.ShouldBe(status, job.Output);
        return job;
    }

    /// <summary>The URL behind a message's button.</summary>
    public static Uri Link(string message)
    {
        using JsonDocument json = JsonDocument.Parse(message);
        JsonElement actions = json.RootElement.GetProperty("blocks").EnumerateArray().First(b => b.GetProperty("type").GetString() == "actions");
        return new Uri(actions.GetProperty("elements")[0].GetProperty("url").GetString()!);
    }

    /// <summary>Downloads the zip, has unzip test it, and holds its files against the sources.</summary>
    public async Task ReadZipAsync(Uri link, params string[] categories)
    {
        string file = _directory["out.zip"];
        await File.WriteAllBytesAsync(file, await _http.GetByteArrayAsync(link, Cancel), Cancel);
        (await PeerCommand.RunAsync(peers.Require("unzip").Program, ["-t", file])).ShouldContain("No errors detected");
        using ZipArchive zip = await ZipFile.OpenReadAsync(file, Cancel);
        foreach (string category in categories)
        {
            using var reader = new StreamReader(zip.GetEntry($"{category}_20231001.log")!.Open());
            (await reader.ReadToEndAsync(Cancel)).ShouldBe(string.Concat(Enumerable.Range(0, 24).Select(hour => Line(category, hour))));
        }
    }

    /// <summary>Nothing that a program wrote, and no command line, shows a secret.</summary>
    public void ShouldKeepSecrets(LogExportProcess serve, EmulatedBatchJob job, SlackForm form)
    {
        string all = string.Join('\n', serve.Written, serve.CommandLine, job.Output, string.Join(' ', job.Command), string.Join(' ', job.Parameters.Values));
        all.ShouldContain("THING00001");
        all.ShouldNotContain(SlackForm.Secret);
        all.ShouldNotContain(Aws.Slack.BotToken);
        all.ShouldNotContain(Aws.SecretAccessKey);
        all.ShouldNotContain(form.ResponseUrl);
        all.ShouldNotContain(new Uri(form.ResponseUrl).AbsolutePath);
        all.ShouldNotContain("gIkuvaNzQIHg97ATvDxqgjtO");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Aws.DisposeAsync();
        _directory.Dispose();
    }

    private static string Line(string category, int hour) =>
        $$"""{"thingName":"THING00001","timestamp":{{1_696_118_400_000L + (hour * 3_600_000L)}},"category":"{{category}}"}""" + "\n";

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[path])!);
        File.WriteAllText(_directory[path], content);
    }
}
