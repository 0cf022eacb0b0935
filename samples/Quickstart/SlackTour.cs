using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;

namespace IotOps.Samples.Quickstart;

/// <summary>A slash command, signed as Slack signs it, to the real LogExport; a job of the emulator's AWS Batch answers with a zip.</summary>
internal static class SlackTour
{
    private const string Bucket = "quickstart-logs";
    private const string Secret = "only for this machine";

    private static string LogExport => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "LogExport", new DirectoryInfo(AppContext.BaseDirectory).Name, "LogExport.dll"));

    /// <summary>Runs it; true when the zip holds what S3 held.</summary>
    public static async Task<bool> RunAsync(AwsEmulator emulator, string directory, CancellationToken cancellationToken)
    {
        string content = await PutLogsAsync(emulator, cancellationToken);
        Dictionary<string, string> environment = Environment(emulator, directory);
        emulator.Batch.CreateJobQueue("slack");
        emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "log-export",
            EntryPoint = ["dotnet", LogExport],
            Command = ["generate-ziplog", "--identifier", "Ref::Identifier", "--category", "Ref::Category", "--date", "Ref::Date", "--request", "Ref::Request"],
            Environment = environment,
        });
        using Process serve = Serve(environment);
        try
        {
            string address = (await serve.StandardOutput.ReadLineAsync(cancellationToken))!["Listening on ".Length..];
            long begun = TimeProvider.System.GetTimestamp();
            using HttpResponseMessage answer = await PostAsync(address, emulator.Slack.CreateResponseUrl(), cancellationToken);
            TimeSpan acknowledged = TimeProvider.System.GetElapsedTime(begun);
            IReadOnlyList<ReceivedSlackPost> posts = await WaitForLinkAsync(emulator, cancellationToken);
            EmulatedBatchJob job = await emulator.Batch.WaitAsync(emulator.Batch.Jobs[^1].JobId, cancellationToken);
            bool equal = await ReadAsync(Link(posts[^1]), cancellationToken) == content;
            Console.WriteLine(
                $"Slack: /iot-log answered with {(int)answer.StatusCode} after {acknowledged.TotalMilliseconds:N0} ms; Batch job {job.Status}, {posts.Count} messages; "
                + $"the zip behind the link {(equal ? "equals" : "DIFFERS FROM")} the logs in S3.");
            return equal;
        }
        finally
        {
            serve.Kill();
            await serve.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<string> PutLogsAsync(AwsEmulator emulator, CancellationToken cancellationToken)
    {
        emulator.S3.CreateBucket(Bucket);
        using var s3 = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey),
            Endpoint = emulator.Endpoint,
        });
        var content = new StringBuilder();
        for (int hour = 0; hour < 24; hour++)
        {
            string line = $$"""{"hour":{{hour}},"command":"reboot"}""" + "\n";
            content.Append(line);
            await s3.SendAsync(
                new AwsRequest { Operation = "PutObject", Method = HttpMethod.Put, Path = $"/{Bucket}/commands/THING00001/2023/10/01/{hour:00}", Body = Encoding.UTF8.GetBytes(line) },
                cancellationToken);
        }

        return content.ToString();
    }

    private static Dictionary<string, string> Environment(AwsEmulator emulator, string directory)
    {
        Directory.CreateDirectory(directory);
        string config = Path.Combine(directory, "export.json5");
        File.WriteAllText(config,
            $$"""
            { bucket: '{{Bucket}}', jobQueue: 'slack', jobDefinition: 'log-export',
              categories: { command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/' } },
              slack: { responseHosts: ['{{emulator.Endpoint.Authority}}'],
                authorization: { app: 'A1', workspaces: [{ team: 'T1', grants: [{ users: ['U1'], categories: ['command'] }] }] } } }
            """);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = emulator.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = emulator.SecretAccessKey,
            ["AWS_REGION"] = "us-east-1",
            ["LOGEXPORT_CONFIG"] = config,
        };
    }

    private static Process Serve(Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [LogExport, "serve", "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["SLACK_SIGNING_SECRET"] = Secret;
        return Process.Start(start)!;
    }

    private static async Task<HttpResponseMessage> PostAsync(string address, Uri responseUrl, CancellationToken cancellationToken)
    {
        byte[] body = Encoding.ASCII.GetBytes(
            $"command=%2Fiot-log&text=THING00001+command+2023%2F10%2F01&api_app_id=A1&team_id=T1&user_id=U1&response_url={WebUtility.UrlEncode(responseUrl.AbsoluteUri)}");
        string timestamp = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        byte[] signed = [.. Encoding.ASCII.GetBytes($"v0:{timestamp}:"), .. body];
        using var http = new HttpClient(AwsHttpHandler.Create());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/slack/iot-log") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Slack-Request-Timestamp", timestamp);
        request.Headers.Add("X-Slack-Signature", $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}");
        return await http.SendAsync(request, cancellationToken);
    }

    private static async Task<IReadOnlyList<ReceivedSlackPost>> WaitForLinkAsync(AwsEmulator emulator, CancellationToken cancellationToken)
    {
        for (int count = 1; ; count++)
        {
            IReadOnlyList<ReceivedSlackPost> posts = await emulator.Slack.WaitForPostsAsync(count, cancellationToken);
            if (posts[^1].Json.Contains("\"actions\"", StringComparison.Ordinal))
            {
                return posts;
            }
        }
    }

    private static Uri Link(ReceivedSlackPost post)
    {
        using JsonDocument json = JsonDocument.Parse(post.Json);
        JsonElement actions = json.RootElement.GetProperty("blocks").EnumerateArray().First(block => block.GetProperty("type").GetString() == "actions");
        return new Uri(actions.GetProperty("elements")[0].GetProperty("url").GetString()!);
    }

    private static async Task<string> ReadAsync(Uri link, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(AwsHttpHandler.Create());
        using var bytes = new MemoryStream(await http.GetByteArrayAsync(link, cancellationToken));
        await using var zip = new ZipArchive(bytes);
        using var reader = new StreamReader(await zip.GetEntry("command_20231001.log")!.OpenAsync(cancellationToken));
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
