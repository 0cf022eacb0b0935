namespace IotOps.Detect.Tests.Alarms;

public sealed class AlarmDispatcherTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alarms_of_one_rule_within_the_window_become_one_message_that_names_the_devices()
    {
        await using var stage = new DispatcherStage();
        Task<bool>[] deliveries = [.. Enumerable.Range(1, 3).Select(n => stage.Dispatcher.DeliverAsync(Alarm.Of(n), Cancelled))];
        Task<bool> other = stage.Dispatcher.DeliverAsync(Alarm.Of(4, "profile/other"), Cancelled);
        Task<bool> cleared = stage.Dispatcher.DeliverAsync(Alarm.Of(5, state: FleetAlarmState.Cleared), Cancelled);

        await stage.PassAsync(TimeSpan.FromSeconds(29));
        stage.Sink.Attempts.ShouldBeEmpty();
        deliveries.ShouldAllBe(delivery => !delivery.IsCompleted);

        await stage.PassAsync(TimeSpan.FromSeconds(1));
        (await Task.WhenAll([.. deliveries, other, cleared])).ShouldAllBe(isTaken => isTaken);
        stage.Sink.Taken.Select(message => (message.Title, message.Count)).ShouldBe(
        [
            ("3 alarms of 3 devices: profile/behavior raised", 3),
            ("THING00004: profile/other raised", 1),
            ("THING00005: profile/behavior cleared", 1),
        ]);
        stage.Sink.Taken[0].Devices.ShouldBe(["THING00001", "THING00002", "THING00003"]);
        stage.Sink.Taken[0].Text.ShouldContain("2023-10-01 12:00:02Z something happened (2)\n");
        stage.Sink.Taken[0].Text.ShouldContain("Devices: THING00001, THING00002, THING00003\n");
        stage.Sink.Taken[0].Time.ShouldBe(Alarm.Noon.AddSeconds(1));
        stage.Sink.Taken.Select(message => message.Id).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_message_of_thousands_is_bounded_and_acknowledges_each()
    {
        await using var stage = new DispatcherStage();
        Task<bool>[] deliveries = [.. Enumerable.Range(1, 5_000).Select(n => stage.Dispatcher.DeliverAsync(Alarm.Of(n), Cancelled))];

        await stage.PassAsync(TimeSpan.FromSeconds(30));

        (await Task.WhenAll(deliveries)).ShouldAllBe(isTaken => isTaken);
        AlarmMessage message = stage.Sink.Taken.ShouldHaveSingleItem();
        (message.Count, message.Devices.Count, message.Alarms.Count).ShouldBe((5_000, AlarmMessage.MaxDevices, AlarmMessage.MaxAlarms));
        message.Text.ShouldContain("and 4980 more\n");
        message.Text.ShouldContain("and perhaps more");
        message.Text.Length.ShouldBeLessThan(4_000);
    }

    [Fact]
    public async Task Rules_beyond_the_limit_share_a_message_of_their_kind()
    {
        await using var stage = new DispatcherStage(options => options with { MaxGroups = 2 });
        for (int n = 1; n <= 5; n++)
        {
            _ = stage.Dispatcher.DeliverAsync(Alarm.Of(n, $"profile/{n}"), Cancelled);
        }

        await stage.PassAsync(TimeSpan.FromSeconds(30));

        stage.Sink.Taken.Select(message => (message.Rule, message.Count)).ShouldBe([("profile/1", 1), ("profile/2", 1), (null, 3)]);
        stage.Sink.Taken[2].Title.ShouldBe("3 alarms of 3 devices: several rules raised");
    }

    [Fact]
    public async Task Messages_keep_to_the_rate_and_collect_while_they_wait()
    {
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero, RateLimit = 2, RatePeriod = TimeSpan.FromMinutes(1) });
        for (int n = 1; n <= 3; n++)
        {
            _ = stage.Dispatcher.DeliverAsync(Alarm.Of(n, $"profile/{n}"), Cancelled);
            await stage.Dispatcher.IdleAsync();
        }

        _ = stage.Dispatcher.DeliverAsync(Alarm.Of(4, "profile/3"), Cancelled);
        await stage.PassAsync(TimeSpan.FromSeconds(59));
        stage.Sink.Taken.Count.ShouldBe(2);

        await stage.PassAsync(TimeSpan.FromSeconds(1));
        stage.Sink.Taken.Count.ShouldBe(3);
        stage.Sink.Taken[2].Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_delivered_alarm_is_not_sent_again()
    {
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero });
        (await stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled)).ShouldBeTrue();

        (await stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled)).ShouldBeTrue();

        await stage.Dispatcher.IdleAsync();
        stage.Sink.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_is_delivered_twice_before_it_is_sent_counts_once()
    {
        await using var stage = new DispatcherStage();
        Task<bool> first = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);
        Task<bool> second = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);

        await stage.PassAsync(TimeSpan.FromSeconds(30));

        (await first, await second).ShouldBe((true, true));
        stage.Sink.Taken.ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_the_window()
    {
        await using var stage = new DispatcherStage();
        Task<bool> delivery = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);

        await stage.Dispatcher.FlushAsync(Cancelled);

        (await delivery).ShouldBeTrue();
        await stage.Dispatcher.FlushAsync(Cancelled);
    }

    [Fact]
    public async Task An_end_before_the_sink_took_it_acknowledges_nothing()
    {
        var stage = new DispatcherStage();
        Task<bool> delivery = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);

        await stage.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => delivery);
        Should.Throw<ObjectDisposedException>(() => { _ = stage.Dispatcher.DeliverAsync(Alarm.Of(2), Cancelled); });
    }

    [Fact]
    public async Task Bad_alarms_and_options_are_refused_and_change_nothing()
    {
        await using var stage = new DispatcherStage();
        Should.Throw<ArgumentException>(() => { _ = stage.Dispatcher.DeliverAsync(Alarm.Of(1) with { Id = "" }, Cancelled); });
        Should.Throw<ArgumentException>(() => { _ = stage.Dispatcher.DeliverAsync(Alarm.Of(1) with { Event = "{"u8.ToArray() }, Cancelled); }).Message.ShouldContain("alarm-1");
        stage.Dispatcher.Status[0].Pending.ShouldBe(0);

        var good = new AlarmDispatcherOptions { Sinks = [new RecordingSink()] };
        AlarmDispatcherOptions[] bad =
        [
            good with { Sinks = [] },
            good with { Sinks = [new RecordingSink(), new RecordingSink()] },
            good with { GroupWindow = TimeSpan.FromSeconds(-1) },
            good with { RateLimit = 0 },
            good with { MaxPending = 0 },
            good with { SendTimeout = TimeSpan.Zero },
            good with { LongestRetry = TimeSpan.Zero },
            good with { Mutes = [new AlarmMute(null, null, DateTimeOffset.MaxValue)] },
        ];
        bad.ShouldAllBe(options => Throws(options));
    }

    private static bool Throws(AlarmDispatcherOptions options)
    {
        try
        {
            _ = new AlarmDispatcher(options);
            return false;
        }
        catch (ArgumentException e)
        {
            return e.Message.Length > 0;
        }
    }
}
