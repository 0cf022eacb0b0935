using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.SlackExport.Tests;

namespace IotOps.InteropTests.Slack;

/// <summary>With a bot token an export is one message in the channel, updated until it is done; the link goes to who asked.</summary>
public sealed class SlackBotTests(InteropPeers peers) : IAsyncLifetime
{
    private SlackStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await SlackStage.OpenAsync(peers);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("batch")]
    [InlineData("local")]
    public async Task An_export_is_one_message_that_is_updated_and_no_secret_shows(string runner)
    {
        (LogExportProcess serve, SlackForm form) = await AskAsync(_stage.Aws.Slack.BotToken, runner);
        await using LogExportProcess ended = serve;

        ReceivedSlackPost done = await _stage.WaitForPostAsync("Who asked for it has the link.");

        ReceivedSlackPost[] told = [.. _stage.Aws.Slack.Posts.Where(p => p.ResponseUrl is null)];
        told[0].Method.ShouldBe("chat.postMessage");
        told[0].Json.ShouldContain("\"channel\":\"C2147483705\"");
        told[0].Json.ShouldContain("Output Progress: 10%");
        told.Skip(1).ShouldAllBe(p => p.Method == "chat.update");
        told.ShouldAllBe(p => p.Error == null);
        told[^1].ShouldBe(done);
        told.ShouldNotContain(p => p.Json.Contains("X-Amz-", StringComparison.Ordinal), "whoever has the link has the logs");
        ReceivedSlackPost link = _stage.Aws.Slack.Posts.Single(p => p.ResponseUrl?.AbsoluteUri == form.ResponseUrl && p.Json.Contains("X-Amz-", StringComparison.Ordinal));
        link.Json.ShouldContain("The download link is valid for up to 60 minutes.");
        link.Json.ShouldContain("\"response_type\":\"ephemeral\"");
        await _stage.ReadZipAsync(SlackStage.Link(link.Json), "telemetry", "command");
        if (runner == "batch")
        {
            _stage.ShouldKeepSecrets(serve, await _stage.WaitForJobAsync("logs-"), form);
        }

        serve.Written.ShouldNotContain(_stage.Aws.Slack.BotToken);
    }

    [Fact]
    public async Task A_token_that_Slack_refuses_leaves_the_response_url_and_a_line_in_the_jobs_log()
    {
        const string Wrong = "xoxb-not-the-bots";
        (LogExportProcess serve, SlackForm form) = await AskAsync(Wrong, "batch");
        await using LogExportProcess ended = serve;

        (await _stage.WaitForPostAsync("Log file generation complete!!", form.ResponseUrl)).Json.ShouldContain("Output Progress: 100%");

        EmulatedBatchJob job = await _stage.WaitForJobAsync("logs-");
        job.Output.ShouldContain("chat.postMessage failed with invalid_auth");
        job.Output.ShouldNotContain(Wrong);
        _stage.ShouldKeepSecrets(serve, job, form);
    }

    private async Task<(LogExportProcess Serve, SlackForm Form)> AskAsync(string token, string runner)
    {
        Dictionary<string, string> environment = _stage.Environment();
        environment["SLACK_BOT_TOKEN"] = token;
        await _stage.PutLogsAsync(environment);
        LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--runner", runner);
        SlackForm form = _stage.Form();
        (await _stage.OutcomeAsync(serve, form)).ShouldContain("Generating log file...");
        return (serve, form);
    }
}
