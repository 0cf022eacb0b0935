using IotOps.Emulator;

namespace IotOps.Slack.Tests.EndToEnd;

/// <summary>Over real connections, against a Slack that counts and checks by itself.</summary>
public sealed class EmulatedSlackTests : IAsyncLifetime
{
    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await AwsEmulator.StartAsync();

    [Fact]
    public async Task A_job_tells_of_itself_in_at_most_five_posts_all_of_which_are_taken()
    {
        using FaultHandle busy = _emulator.Faults.Add(new Fault { Operation = "SlackPost", Times = 1, Status = 429, Code = "rate_limited", RetryAfter = TimeSpan.Zero });
        Uri url = _emulator.Slack.CreateResponseUrl();
        using var responder = new SlackResponder(new SlackResponderOptions { AllowedHosts = [url.Authority], Jitter = () => 0 });
        await using (var progress = new SlackProgress(
            responder.Open(url, TimeProvider.System.GetUtcNow()), new SlackProgressOptions { StillRunning = new SlackMessage("still running") }))
        {
            (await progress.StartedAsync(new SlackMessage("started"))).IsPosted.ShouldBeTrue();
            for (int percent = 1; percent < 100; percent++)
            {
                await progress.ReportAsync(percent / 100.0, () => new SlackMessage($"{percent} %"));
            }

            SlackPostResult done = await progress.DoneAsync(new SlackMessage(
                "done",
                new SlackSection(SlackText.Markup($"*Target Identifier*: {"THING<1>"}")),
                new SlackContext("The link is valid for 60 minutes"),
                new SlackActions(new SlackLinkButton("Download", new Uri("https://bucket.s3.amazonaws.com/x.zip?X-Amz-Signature=1&a=2")))));
            done.IsPosted.ShouldBeTrue(done.Detail);
        }

        _emulator.Slack.Posts.Select(p => (p.Text, p.Error)).ShouldBe([("started", null), ("34 %", null), ("67 %", null), ("done", null)]);
    }

    [Fact]
    public async Task A_budget_that_another_process_forgot_ends_with_Slacks_own_word()
    {
        Uri url = _emulator.Slack.CreateResponseUrl();
        using var responder = new SlackResponder(new SlackResponderOptions { AllowLoopback = true });
        SlackResponse hello = SlackResponse.Ephemeral(new SlackMessage("hello"));
        SlackResponseUrl first = responder.Open(url, TimeProvider.System.GetUtcNow());
        for (int i = 0; i < 5; i++)
        {
            (await first.PostAsync(SlackPostKind.Done, hello)).IsPosted.ShouldBeTrue();
        }

        (await responder.Open(url, TimeProvider.System.GetUtcNow()).PostAsync(SlackPostKind.Done, hello))
            .ShouldBe(new SlackPostResult(SlackPostOutcome.Expired, "HTTP 404: used_url"));
    }

    [Fact]
    public async Task A_message_is_posted_and_updated_with_the_bot_token_alone()
    {
        using var chat = new SlackChat(new SlackChatOptions { Token = _emulator.Slack.BotToken, ApiUrl = _emulator.Slack.ApiUrl });
        SlackMessageId posted = await chat.PostMessageAsync("C1", new SlackMessage("started"));
        await chat.UpdateAsync(posted, new SlackMessage("done"));
        _emulator.Slack.Posts.Select(p => (p.Method, p.Text, p.Error)).ShouldBe([("chat.postMessage", "started", null), ("chat.update", "done", null)]);

        using var stranger = new SlackChat(new SlackChatOptions { Token = "xoxb-other", ApiUrl = _emulator.Slack.ApiUrl });
        (await Should.ThrowAsync<SlackException>(() => stranger.PostMessageAsync("C1", new SlackMessage("x")))).Error.ShouldBe("invalid_auth");
    }

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();
}
