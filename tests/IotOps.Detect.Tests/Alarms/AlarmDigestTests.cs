namespace IotOps.Detect.Tests.Alarms;

public sealed class AlarmDigestTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_digest_a_day_counts_each_alarm_once_by_rule_and_device_and_says_what_was_muted()
    {
        await using var stage = new DispatcherStage(options => options with
        {
            GroupWindow = TimeSpan.Zero,
            RateLimit = 1_000,
            DigestAt = new TimeOnly(6, 0),
            Mutes = [new AlarmMute(null, "noisy/*", Alarm.Noon.AddDays(3))],
        });
        for (int n = 1; n <= 5; n++)
        {
            await stage.Dispatcher.DeliverAsync(Alarm.Of(n, device: n <= 3 ? "THING00007" : null), Cancelled);
        }

        await stage.Dispatcher.DeliverAsync(Alarm.Of(6, state: FleetAlarmState.Cleared), Cancelled);
        await stage.Dispatcher.DeliverAsync(Alarm.Of(7, "noisy/one"), Cancelled);
        await stage.Dispatcher.DeliverAsync(Alarm.Of(7, "noisy/one"), Cancelled);

        await stage.PassAsync(TimeSpan.FromHours(18) - TimeSpan.FromMilliseconds(1), steps: 40);
        stage.Sink.Taken.ShouldAllBe(message => !message.IsDigest);
        await stage.PassAsync(TimeSpan.FromMilliseconds(1));

        AlarmMessage digest = stage.Sink.Taken[^1];
        (digest.IsDigest, digest.Count, digest.Title).ShouldBe((true, 7, "Fleet alarms of the day: 7"));
        digest.Text.ShouldBe("""
            2023-10-01 12:00Z to 2023-10-02 06:00Z: 7 alarms, 1 of them muted
            detect profile/behavior: 5 raised, 1 ended, 0 muted
            detect noisy/one: 0 raised, 0 ended, 1 muted
            Devices with most alarms: THING00007 (3), THING00004 (1), THING00005 (1)

            """);

        // The next day's is there although nothing happened: silence would also be what a dead worker sends.
        await stage.PassAsync(TimeSpan.FromDays(1), steps: 48);
        stage.Sink.Taken[^1].Text.ShouldBe("2023-10-02 06:00Z to 2023-10-03 06:00Z: 0 alarms, 0 of them muted\n");
        stage.Sink.Taken[^1].Id.ShouldNotBe(digest.Id, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_was_away_for_a_month_gets_the_digests_of_a_week()
    {
        RecordingSink sink = new() { OnSend = static (_, _) => throw new AlarmSinkException("away") };
        await using var stage = new DispatcherStage(options => options with { DigestAt = new TimeOnly(6, 0) }, sink);
        await stage.PassAsync(TimeSpan.FromDays(30), steps: 30 * 24);

        sink.OnSend = static (_, _) => Task.CompletedTask;
        await stage.PassAsync(TimeSpan.FromMinutes(30), steps: 10);

        sink.Taken.Count.ShouldBeInRange(6, 8);
        sink.Taken.Max(message => message.Time).ShouldBe(Alarm.Noon.AddDays(30).AddHours(-6));
    }

    [Fact]
    public async Task A_day_of_countless_rules_and_devices_stays_small()
    {
        await using var stage = new DispatcherStage(options => options with { DigestAt = new TimeOnly(6, 0), Mutes = [new AlarmMute("*", null, Alarm.Noon.AddDays(2))] });
        for (int n = 0; n < 3_000; n++)
        {
            await stage.Dispatcher.DeliverAsync(Alarm.Of(n, $"profile/{n:D5}"), Cancelled);
        }

        await stage.PassAsync(TimeSpan.FromHours(18), steps: 20);

        AlarmMessage digest = stage.Sink.Taken.ShouldHaveSingleItem();
        digest.Count.ShouldBe(3_000);
        digest.Text.ShouldContain("and 971 more rules\n");
        digest.Text.Length.ShouldBeLessThan(4_000);
    }
}
