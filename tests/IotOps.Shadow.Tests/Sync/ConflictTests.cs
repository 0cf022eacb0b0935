namespace IotOps.Shadow.Tests.Sync;

public sealed class ConflictTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task An_update_of_an_old_version_is_replayed_on_the_new_base()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        _device.Connection.Network = static message => message.Topic.EndsWith("accepted", StringComparison.Ordinal) && message.Token is null ? [] : [message];
        await _device.CloudAsync("""{"desired":{"x":1}}""");
        await _device.CloudAsync("""{"reported":{"b":5}}""");
        _device.Connection.Network = static message => [message];

        await _device.Shadow.Reported.SetAsync("a", 2);
        await _device.SettleAsync();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"a":2,"b":5}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_conflict_whose_cause_is_known_by_now_needs_no_read()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        FakeMessage[] foreign = [.. _device.Service.Update("""{"desired":{"x":1}}""")];
        _device.Connection.Network = message => message.Operation == "update/rejected" ? [.. foreign, message] : [message];
        await _device.Shadow.Reported.SetAsync("a", 2);
        await _device.SettleAsync();
        _device.Connection.Gets.Count.ShouldBe(1);
        _device.Connection.Updates.Count.ShouldBe(3);
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_storm_of_conflicts_is_ridden_out_with_growing_pauses_and_told_to_who_waits()
    {
        await _device.OpenConnectedAsync();
        _device.Service.Refuse = static request => request.Operation == "update" ? (409, "Version conflict") : null;
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        Task sync = _device.Shadow.SyncAsync();
        for (int i = 0; i < 60 && !sync.IsCompleted; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        (await Should.ThrowAsync<ShadowRejectedException>(() => sync)).Code.ShouldBe(409);
        int tries = _device.Connection.Updates.Count;
        tries.ShouldBeInRange(10, 30);

        // A pause of a minute, then on: the edit is still there.
        _device.Service.Refuse = static _ => null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(61));
        _device.ShouldAgree();
        _device.Shadow.Reported["a"].ShouldBe(1);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
