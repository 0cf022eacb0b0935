using System.Net;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Posting;

public sealed class ProgressTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SlackStub _slack = new();
    private readonly SlackResponder _responder;

    public ProgressTests() =>
        _responder = new SlackResponder(new SlackResponderOptions { TimeProvider = _clock, Handler = _slack.Handler, Jitter = () => 0 });

    [Fact]
    public async Task A_hundred_steps_are_two_posts_between_the_first_and_the_last()
    {
        await using SlackProgress progress = Begin();
        await progress.StartedAsync(Say("started"));
        for (int percent = 0; percent <= 100; percent++)
        {
            await progress.ReportAsync(percent / 100.0, () => Say($"{percent} %"));
        }

        await progress.DoneAsync(Say("done"));
        _slack.Texts.ShouldBe(["started", "34 %", "67 %", "done"]);
    }

    [Fact]
    public async Task A_leap_over_both_milestones_is_one_post()
    {
        await using SlackProgress progress = Begin();
        (await progress.ReportAsync(0.1, () => Say("no"))).ShouldBeNull();
        (await progress.ReportAsync(0.9, () => Say("90 %"))).ShouldNotBeNull().IsPosted.ShouldBeTrue();
        (await progress.ReportAsync(0.95, () => Say("no"))).ShouldBeNull();
        (await progress.ReportAsync(0.4, () => Say("no"))).ShouldBeNull();
        (await progress.ReportAsync(double.NaN, () => Say("no"))).ShouldBeNull();
        _slack.Texts.ShouldBe(["90 %"]);
    }

    [Fact]
    public async Task Many_reporters_at_once_make_one_post_a_milestone()
    {
        await using SlackProgress progress = Begin();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => progress.ReportAsync(0.5, () => Say("half")))));
        _slack.Texts.ShouldBe(["half"]);
    }

    [Fact]
    public async Task After_started_and_two_milestones_an_error_still_gets_through()
    {
        await using SlackProgress progress = Begin();
        await progress.StartedAsync(Say("started"));
        await progress.ReportAsync(0.4, () => Say("40 %"));
        await progress.ReportAsync(0.7, () => Say("70 %"));
        (await progress.FailedAsync(Say("no such bucket"))).IsPosted.ShouldBeTrue();
        _slack.Texts.Last().ShouldBe("no such bucket");
    }

    [Fact]
    public async Task A_job_that_still_runs_at_minute_28_says_so_once()
    {
        await using SlackProgress progress = Begin();
        await progress.StartedAsync(Say("started"));
        await progress.ReportAsync(0.4, () => Say("40 %"));
        _clock.Advance(TimeSpan.FromMinutes(28) - TimeSpan.FromSeconds(1));
        _slack.Texts.Count().ShouldBe(2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Until(() => _slack.Texts.Count() == 3);
        _slack.Texts.Last().ShouldBe("still running");
        (await progress.ReportAsync(0.7, () => Say("70 %"))).ShouldNotBeNull().Outcome.ShouldBe(SlackPostOutcome.KeptForLater);
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await progress.DoneAsync(Say("done"))).IsPosted.ShouldBeTrue();
        _slack.Texts.ShouldBe(["started", "40 %", "still running", "done"]);
    }

    [Fact]
    public async Task After_minute_30_nothing_is_sent()
    {
        await using SlackProgress progress = Begin();
        _clock.Advance(TimeSpan.FromMinutes(28));
        await Until(() => _slack.Texts.Any());
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await progress.DoneAsync(Say("done"))).Outcome.ShouldBe(SlackPostOutcome.Expired);
        _slack.Texts.ShouldBe(["still running"]);
    }

    [Fact]
    public async Task A_job_that_ended_is_silent_at_minute_28()
    {
        await using SlackProgress progress = Begin();
        await progress.DoneAsync(Say("done"));
        _clock.Advance(TimeSpan.FromMinutes(29));
        (await progress.StartedAsync(Say("late"))).Outcome.ShouldBe(SlackPostOutcome.KeptForLater);
        _slack.Texts.ShouldBe(["done"]);
    }

    [Fact]
    public async Task A_disposed_one_leaves_no_timer()
    {
        await Begin().DisposeAsync();
        _clock.ActiveTimers.ShouldBe(0);
    }

    [Fact]
    public async Task The_last_word_is_tried_again_while_posts_are_left()
    {
        _slack.Then(HttpStatusCode.InternalServerError);
        _slack.Then(HttpStatusCode.BadGateway);
        await using SlackProgress progress = Begin();
        Task<SlackPostResult> done = progress.DoneAsync(Say("done"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await done.WaitAsync(TimeSpan.FromSeconds(20))).IsPosted.ShouldBeTrue();
        _slack.Texts.ShouldBe(["done", "done", "done"]);
    }

    [Fact]
    public async Task A_job_taken_over_from_another_process_counts_its_posts()
    {
        await using SlackProgress progress = Begin(used: 2);
        await progress.StartedAsync(Say("started"));
        (await progress.ReportAsync(0.5, () => Say("half"))).ShouldNotBeNull().Outcome.ShouldBe(SlackPostOutcome.KeptForLater);
        await progress.DoneAsync(Say("done"));
        _slack.Texts.ShouldBe(["started", "done"]);
    }

    [Fact]
    public async Task With_a_bot_token_one_message_is_updated_however_long_it_takes()
    {
        using var web = new SlackStub { Default = """{"ok":true,"channel":"C1","ts":"1.2"}""" };
        using var chat = new SlackChat(new SlackChatOptions { Token = "xoxb-1", Handler = web.Handler, TimeProvider = _clock });
        await using SlackProgress progress = Begin(chat: chat);
        await progress.StartedAsync(Say("started"));
        _clock.Advance(TimeSpan.FromHours(1));
        await progress.ReportAsync(0.5, () => Say("half"));
        (await progress.DoneAsync(Say("done"))).IsPosted.ShouldBeTrue();
        web.Handler.Requests.Select(r => r.Message.RequestUri!.AbsolutePath).ShouldBe(["/api/chat.postMessage", "/api/chat.update", "/api/chat.update"]);
        web.Texts.ShouldBe(["started", "half", "done"]);
        _slack.Texts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_bot_may_not_speak_the_response_url_is_used()
    {
        using var web = new SlackStub { Default = """{"ok":false,"error":"not_in_channel"}""" };
        using var chat = new SlackChat(new SlackChatOptions { Token = "xoxb-1", Handler = web.Handler, TimeProvider = _clock });
        await using SlackProgress progress = Begin(chat: chat);
        SlackPostResult started = await progress.StartedAsync(Say("started"));
        await progress.ReportAsync(0.5, () => Say("half"));
        await progress.DoneAsync(Say("done"));
        web.Texts.ShouldBe(["started", "done"], "progress is not worth another refusal");
        _slack.Texts.ShouldBe(["started", "half", "done"]);
        started.ShouldBe(new SlackPostResult(SlackPostOutcome.Posted, "chat.postMessage failed with not_in_channel. Invite the app to the channel, and name the channel by its id."));
    }

    [Fact]
    public async Task The_end_of_a_job_that_was_taken_over_is_a_message_of_the_bots_when_the_response_url_is_spent()
    {
        using var web = new SlackStub { Default = """{"ok":true,"channel":"C1","ts":"1.2"}""" };
        using var chat = new SlackChat(new SlackChatOptions { Token = "xoxb-1", Handler = web.Handler, TimeProvider = _clock });
        await using SlackProgress progress = Begin(used: 5, chat: chat);
        _clock.Advance(TimeSpan.FromMinutes(40));
        (await progress.DoneAsync(Say("done"))).ShouldBe(new SlackPostResult(SlackPostOutcome.Posted, ""));
        web.Handler.Requests.ShouldHaveSingleItem().Message.RequestUri!.AbsolutePath.ShouldBe("/api/chat.postMessage");
        _slack.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void Options_are_checked()
    {
        Should.Throw<ArgumentException>(() => Begin(milestones: [0.5, 0.5]));
        Should.Throw<ArgumentException>(() => Begin(milestones: [1]));
        using var chat = new SlackChat(new SlackChatOptions { Token = "xoxb-1" });
        Should.Throw<ArgumentException>(() => Begin(chat: chat, channel: null)).Message.ShouldContain("ChannelId");
    }

    public void Dispose()
    {
        _responder.Dispose();
        _slack.Dispose();
    }

    private static SlackMessage Say(string text) => new(text);

    // The post of minute 28 is made by the loop of the progress itself: it comes as soon as that gets a thread.
    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 10_000 && !condition(); i++)
        {
            await Task.Yield();
        }

        condition().ShouldBeTrue();
    }

    private SlackProgress Begin(int used = 0, SlackChat? chat = null, string? channel = "C1", IReadOnlyList<double>? milestones = null)
    {
        var options = new SlackProgressOptions { StillRunning = Say("still running"), TimeProvider = _clock, Chat = chat, ChannelId = channel };
        return new SlackProgress(
            _responder.Open(new Uri("https://hooks.slack.com/commands/T1/s3cr3t"), _clock.GetUtcNow(), used),
            milestones is null ? options : options with { Milestones = milestones });
    }
}
