using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using IotOps.Archive;
using IotOps.Emulator;
using IotOps.SlackExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotOps.HouseTests.Snippets;

public sealed class FleetLogsTests
{
    // Slack takes no more posts to a response_url.
    private const int SlackPosts = 5;

    [Fact]
    public async Task A_failed_export_tells_its_user_which_call_AWS_refused()
    {
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        aws.S3.CreateBucket("logs");
        using FaultHandle denied = aws.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 403, Code = "AccessDenied" });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddIotOpsSlackExport(new SlackExportOptions
        {
            SigningSecrets = ["secret"],
            Authorization = new SlackExportAuthorization
            {
                AppId = "A1",
                Workspaces = [new SlackExportWorkspace { TeamId = "T1", Grants = [new SlackExportGrant { Users = ["U1"], Categories = ["*"] }] }],
            },
            Layout = new LogLayout(new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" }),
            Environments =
            [
                new SlackExportEnvironment
                {
                    Bucket = "logs",
                    Region = "us-east-1",
                    Endpoint = aws.Endpoint,
                    Credentials = new BasicAWSCredentials(aws.AccessKeyId, aws.SecretAccessKey),
                },
            ],
            RunsInProcess = true,
            ResponseHosts = [aws.Endpoint.Authority],
        });
        await using WebApplication app = builder.Build();
        app.MapSlackCommand("/slack/iot-log");
        await app.StartAsync();

        string form = $"command=/iot-log&text=THING00001 command 2023/10/01&api_app_id=A1&team_id=T1&user_id=U1&response_url={aws.Slack.CreateResponseUrl()}";
        string timestamp = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        byte[] mac = HMACSHA256.HashData("secret"u8, Encoding.UTF8.GetBytes($"v0:{timestamp}:{form}"));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Slack-Request-Timestamp", timestamp);
        http.DefaultRequestHeaders.Add("X-Slack-Signature", $"v0={Convert.ToHexStringLower(mac)}");
        await http.PostAsync("/slack/iot-log", new StringContent(form));

        // A slow machine reports progress before.
        IReadOnlyList<ReceivedSlackPost> posts = await aws.Slack.WaitForPostsAsync(2);
        while (posts.Count < SlackPosts && !posts[^1].Json.Contains("AWS refused", StringComparison.Ordinal))
        {
            posts = await aws.Slack.WaitForPostsAsync(posts.Count + 1);
        }

        Assert.Contains("AWS refused: s3 ListObjectsV2 said AccessDenied.", posts[^1].Json);
    }
}
