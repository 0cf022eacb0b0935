namespace IotOps.Detect.Tests.Alarms;

public sealed class AlarmMuteTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("THING00001", null, true)]
    [InlineData("THING00002", null, false)]
    [InlineData("THING0*", null, true)]
    [InlineData(null, "profile/behavior", true)]
    [InlineData(null, "profile/*", true)]
    [InlineData(null, "profile", false)]
    [InlineData("THING00001", "other/*", false)]
    [InlineData("THING00001", "profile/*", true)]
    public async Task A_mute_is_of_a_device_a_rule_or_a_rule_at_a_device(string? device, string? rule, bool isMuted)
    {
        await using var stage = new DispatcherStage(options => options with { Mutes = [new AlarmMute(device, rule, Alarm.Noon.AddHours(1))] });

        Task<bool> delivery = stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled);

        delivery.IsCompletedSuccessfully.ShouldBe(isMuted);
        await stage.PassAsync(TimeSpan.FromMinutes(1));
        stage.Sink.Taken.Count.ShouldBe(isMuted ? 0 : 1);
    }

    [Fact]
    public async Task A_mute_of_devices_does_not_silence_alarms_of_the_fleet()
    {
        await using var stage = new DispatcherStage(options => options with { Mutes = [new AlarmMute("*", null, Alarm.Noon.AddHours(1))] });

        _ = stage.Dispatcher.DeliverAsync(Alarm.Of(1) with { Device = null }, Cancelled);

        await stage.PassAsync(TimeSpan.FromMinutes(1));
        stage.Sink.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mute_ends_at_its_time_or_before()
    {
        await using var stage = new DispatcherStage(options => options with { GroupWindow = TimeSpan.Zero });
        var mute = new AlarmMute("THING00001", null, Alarm.Noon.AddMinutes(10)) { Reason = "is being repaired" };
        stage.Dispatcher.Mute(mute);
        stage.Dispatcher.Mute(new AlarmMute("THING00002", null, Alarm.Noon.AddHours(1)));
        stage.Dispatcher.Mutes.Count.ShouldBe(2);

        await stage.PassAsync(TimeSpan.FromMinutes(10));
        stage.Dispatcher.Mutes.ShouldHaveSingleItem().Device.ShouldBe("THING00002");
        (await stage.Dispatcher.DeliverAsync(Alarm.Of(1), Cancelled)).ShouldBeTrue();
        stage.Sink.Taken.Count.ShouldBe(1);

        stage.Dispatcher.Unmute(new AlarmMute("THING00002", null, Alarm.Noon.AddHours(1))).ShouldBeTrue();
        stage.Dispatcher.Unmute(mute).ShouldBeFalse();
        (await stage.Dispatcher.DeliverAsync(Alarm.Of(2), Cancelled)).ShouldBeTrue();
        stage.Sink.Taken.Count.ShouldBe(2);
    }
}
