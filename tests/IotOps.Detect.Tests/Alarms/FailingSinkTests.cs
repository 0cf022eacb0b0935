namespace IotOps.Detect.Tests.Alarms;

public sealed class FailingSinkTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Func<AlarmMessage, CancellationToken, Task> Refusing => static (_, _) => throw new AlarmSinkException("out of order");

    [Fact]
    public async Task An_alarm_is_acknowledged_only_after_every_sink_took_it_and_one_that_fails_holds_up_no_other()
    {
        RecordingSink good = new("good"), bad = new("bad") { OnSend = Refusing };
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero }, bad, good);

        Task<bool>[] deliveries = [.. Enumerable.Range(1, 3).Select(n => stage.Dispatcher.DeliverAsync(Alarm.Of(n, $"profile/{n}"), Cancelled))];
        await stage.PassAsync(TimeSpan.FromMinutes(10), steps: 60);

        good.Taken.Count.ShouldBe(3);
        deliveries.ShouldAllBe(delivery => !delivery.IsCompleted);
        stage.Dispatcher.Status.Select(status => (status.Sink, status.Pending, status.Sent, status.LastError)).ShouldBe([("bad", 3, 0, "out of order"), ("good", 0, 3, null)]);

        bad.OnSend = static (_, _) => Task.CompletedTask;
        await stage.PassAsync(TimeSpan.FromMinutes(10), steps: 60);
        (await Task.WhenAll(deliveries)).ShouldAllBe(isTaken => isTaken);
        good.Taken.Count.ShouldBe(3);
        stage.Dispatcher.Status[0].Failures.ShouldBe(0);
        stage.Log.Entries.ShouldContain(entry => entry.Message.Contains("bad takes messages again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retries_wait_longer_each_time_and_send_the_same_message()
    {
        RecordingSink sink = new() { OnSend = Refusing };
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero, FirstRetry = TimeSpan.FromSeconds(4), LongestRetry = TimeSpan.FromSeconds(16) }, sink);
        _ = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);
        await stage.Dispatcher.IdleAsync();
        sink.Attempts.Count.ShouldBe(1);

        // Between half and all of 4, 8, 16 and 16 s: three quarters, as the test's dice fall.
        foreach (int seconds in new[] { 3, 6, 12, 12 })
        {
            int attempts = sink.Attempts.Count;
            await stage.PassAsync(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            sink.Attempts.Count.ShouldBe(attempts);
            await stage.PassAsync(TimeSpan.FromMilliseconds(1));
            sink.Attempts.Count.ShouldBe(attempts + 1);
        }

        _ = stage.Dispatcher.DeliverAsync(Alarm.Of(2), Cancelled);
        await stage.PassAsync(TimeSpan.FromSeconds(16));
        sink.Attempts.Select(message => message.Id).Distinct(StringComparer.Ordinal).Count().ShouldBeInRange(1, 2);
        sink.Attempts[0].ShouldBeSameAs(sink.Attempts[4]);
        sink.Attempts[0].Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_is_never_taken_holds_up_none_of_the_others()
    {
        RecordingSink sink = new() { OnSend = static (message, _) => message.Rule == "profile/1" ? throw new AlarmSinkException("never") : Task.CompletedTask };
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero }, sink);
        Task<bool>[] deliveries = [.. Enumerable.Range(1, 6).Select(n => stage.Dispatcher.DeliverAsync(Alarm.Of(n, $"profile/{n}"), Cancelled))];

        await stage.PassAsync(TimeSpan.FromMinutes(30), steps: 100);

        stage.Dispatcher.Status[0].Pending.ShouldBe(1, string.Join('\n', stage.Log.Entries));
        (await Task.WhenAll(deliveries[1..])).ShouldAllBe(isTaken => isTaken);
        deliveries[0].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Few_messages_follow_a_long_outage()
    {
        RecordingSink sink = new() { OnSend = Refusing };
        await using var stage = new DispatcherStage(change: null, sink);
        for (int n = 0; n < 600; n++)
        {
            _ = stage.Dispatcher.DeliverAsync(Alarm.Of(n), Cancelled);
            await stage.PassAsync(TimeSpan.FromMinutes(1));
        }

        sink.OnSend = static (_, _) => Task.CompletedTask;
        await stage.PassAsync(TimeSpan.FromMinutes(30), steps: 30);

        sink.Taken.Count.ShouldBeLessThanOrEqualTo(10);
        sink.Taken.Sum(message => message.Count).ShouldBe(600);
    }

    [Fact]
    public async Task A_sink_that_does_not_return_is_given_up_and_tried_again()
    {
        var never = new TaskCompletionSource();
        RecordingSink sink = new() { OnSend = (_, _) => never.Task };
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero, SendTimeout = TimeSpan.FromSeconds(7) }, sink);
        Task<bool> delivery = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);
        await WaitForAsync(() => sink.Attempts.Count == 1);

        sink.OnSend = static (_, _) => Task.CompletedTask;
        stage.Time.Advance(TimeSpan.FromSeconds(7));
        await stage.PassAsync(TimeSpan.FromSeconds(1));

        (await delivery).ShouldBeTrue();
        stage.Log.Entries.ShouldContain(entry => entry.Message.Contains("did not return within 7 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alarm_beyond_the_limit_is_refused_for_the_full_sink_and_sent_to_that_one_alone_when_it_comes_again()
    {
        RecordingSink good = new("good"), bad = new("bad") { OnSend = Refusing };
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero, MaxPending = 2 }, bad, good);
        Task<bool> first = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);
        Task<bool> second = stage.Dispatcher.DeliverAsync(Alarm.Of(2), Cancelled);
        await WaitForAsync(() => stage.Dispatcher.Status[1] is { Pending: 0, Sent: > 0 });

        (await stage.Dispatcher.DeliverAsync(Alarm.Of(3), Cancelled)).ShouldBeFalse();
        good.Taken.Sum(message => message.Count).ShouldBe(3);
        stage.Dispatcher.Status[0].Refused.ShouldBe(1);

        bad.OnSend = static (_, _) => Task.CompletedTask;
        await stage.PassAsync(TimeSpan.FromMinutes(5), steps: 20);
        (await first, await second).ShouldBe((true, true));
        (await stage.Dispatcher.DeliverAsync(Alarm.Of(3), Cancelled)).ShouldBeTrue();
        (good.Taken.Sum(message => message.Count), bad.Taken.Sum(message => message.Count)).ShouldBe((3, 3));
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
            Cancelled.ThrowIfCancellationRequested();
        }
    }
}
