namespace IotOps.Shadow.Tests.Sync;

public sealed class ModeTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task By_interval_a_round_comes_at_the_connection_and_each_time_it_has_passed()
    {
        await _device.OpenConnectedAsync(static options => options with { Sync = ShadowSync.Every(TimeSpan.FromMinutes(1)) });
        _device.Connection.Gets.Count.ShouldBe(1);
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.CloudAsync("""{"desired":{"b":2}}""");
        _device.Connection.Updates.Count.ShouldBe(0);
        _device.Shadow.Desired["b"].ShouldBeNull();

        await _device.AdvanceAsync(TimeSpan.FromSeconds(61));
        _device.Connection.Gets.Count.ShouldBe(2);
        _device.Connection.Updates.Count.ShouldBe(1);
        _device.ShouldAgree();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(61));
        _device.Connection.Gets.Count.ShouldBe(3);
    }

    [Fact]
    public async Task By_hand_nothing_is_said_until_it_is_asked_for()
    {
        await _device.OpenConnectedAsync(static options => options with { Sync = ShadowSync.Manual });
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.AdvanceAsync(TimeSpan.FromHours(1));
        _device.Connection.Published.ShouldBeEmpty();

        Task sync = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        await sync.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System); // it has ended; whoever waits hears it a moment later
        _device.ShouldAgree();
        await _device.Shadow.Reported.SetAsync("a", 2);
        await _device.SettleAsync();
        _device.Connection.Updates.Count.ShouldBe(1);
    }

    [Fact]
    public async Task To_the_cloud_nothing_is_read_and_only_what_was_edited_is_overwritten()
    {
        _device.Service.Update("""{"reported":{"other":1,"a":0}}""");
        await _device.OpenConnectedAsync(static options => options with { Direction = ShadowDirection.ToCloud });
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.CloudAsync("""{"desired":{"x":1}}""");
        await _device.Shadow.Reported.SetAsync("b", 2);
        await _device.SettleAsync();
        _device.Connection.Gets.ShouldBeEmpty();
        _device.Service.State()!.ToJsonString().ShouldBe("""{"reported":{"other":1,"a":1,"b":2},"desired":{"x":1}}""");
        _device.Shadow.Desired.Value.Count.ShouldBe(0);
        _device.Shadow.Pending.ShouldBeNull();
    }

    [Fact]
    public async Task To_the_cloud_a_lost_answer_is_sent_again()
    {
        await _device.OpenConnectedAsync(static options => options with { Direction = ShadowDirection.ToCloud });
        _device.Connection.Network = static _ => [];
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Network = static message => [message];
        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        _device.Shadow.Pending.ShouldBeNull();
        _device.Connection.Updates.Count.ShouldBe(2);
    }

    [Fact]
    public async Task From_the_cloud_everything_is_mirrored_and_edits_are_refused()
    {
        await _device.OpenConnectedAsync(static options => options with { Direction = ShadowDirection.FromCloud });
        await _device.CloudAsync("""{"desired":{"x":1},"reported":{"y":2}}""");
        _device.ShouldAgree();
        await Should.ThrowAsync<InvalidOperationException>(async () => await _device.Shadow.Reported.SetAsync("a", 1));
        await Should.ThrowAsync<InvalidOperationException>(async () => await _device.Shadow.DeleteAsync());
        _device.Connection.Updates.ShouldBeEmpty();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
