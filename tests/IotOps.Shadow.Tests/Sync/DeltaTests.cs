namespace IotOps.Shadow.Tests.Sync;

public sealed class DeltaTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task The_present_delta_comes_first_and_then_each_that_differs()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        await using IAsyncEnumerator<ShadowDelta> deltas = _device.Shadow.DeltasAsync().GetAsyncEnumerator();
        (await NextAsync(deltas)).ShouldBe(new ShadowDelta(ShadowValue.Parse("""{"a":1}"""), 1));
        await _device.CloudAsync("""{"desired":{"b":{"c":2}}}""");
        ShadowDelta second = await NextAsync(deltas);
        second.State.ToString().ShouldBe("""{"a":1,"b":{"c":2}}""");
        second.Paths.ShouldBe(["a", "b/c"]);
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_only()
    {
        await _device.OpenConnectedAsync();
        await using IAsyncEnumerator<ShadowDelta> deltas = _device.Shadow.DeltasAsync().GetAsyncEnumerator();
        await _device.CloudAsync("""{"desired":{"a":0}}""");
        (await NextAsync(deltas)).State["a"].ShouldBe(0);
        for (int i = 1; i <= 100; i++)
        {
            await _device.CloudAsync($$$"""{"desired":{"a":{{{i}}}}}""");
        }

        (await NextAsync(deltas)).State["a"].ShouldBe(100);
    }

    [Fact]
    public async Task Accepting_reports_what_was_applied_and_ends_the_delta()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"a":1,"b":2},"reported":{"b":2,"c":3}}""");
        ShadowDelta delta = _device.Shadow.Delta.ShouldNotBeNull();
        (await _device.Shadow.AcceptDeltaAsync(delta)).ToString().ShouldBe("""{"a":1}""");
        (await _device.Shadow.AcceptDeltaAsync(delta)).ToString().ShouldBe("{}");
        await _device.SettleAsync();
        _device.Shadow.Delta.ShouldBeNull();
        _device.Service.State()!["reported"]!.ToJsonString().ShouldBe("""{"b":2,"c":3,"a":1}""");
    }

    [Fact]
    public async Task A_device_that_cannot_follow_reports_what_it_could()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"target":90,"mode":"x"}}""");
        (await _device.Shadow.AcceptDeltaAsync(ShadowValue.Parse("""{"target":30}"""))).ToString().ShouldBe("""{"target":30}""");
        await _device.SettleAsync();
        _device.Shadow.Delta!.State.ToString().ShouldBe("""{"mode":"x","target":90}""");
    }

    [Fact]
    public async Task A_handler_is_called_and_what_it_throws_ends_nothing()
    {
        await _device.OpenConnectedAsync();
        var seen = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using (_device.Shadow.OnDelta((delta, _) =>
        {
            seen.Writer.TryWrite(delta.State.ToString());
            throw new InvalidOperationException("the handler's own trouble");
        }))
        {
            await _device.CloudAsync("""{"desired":{"a":1}}""");
            (await seen.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System)).ShouldBe("""{"a":1}""");
            await _device.CloudAsync("""{"desired":{"a":2}}""");
            (await seen.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System)).ShouldBe("""{"a":2}""");
        }

        await _device.CloudAsync("""{"desired":{"a":3}}""");
        seen.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delta_that_was_accepted_and_came_back_while_the_reader_was_busy_is_delivered_again()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"relay":"on"}}""");
        await using IAsyncEnumerator<ShadowDelta> deltas = _device.Shadow.DeltasAsync().GetAsyncEnumerator();
        ShadowDelta delta = await NextAsync(deltas);

        // The reader switches the relay, and the relay trips before the reader asks for the next delta.
        await _device.Shadow.AcceptDeltaAsync(delta);
        await _device.SettleAsync();
        await _device.Shadow.Reported.SetAsync("relay", "off");
        await _device.SettleAsync();

        (await NextAsync(deltas)).State.ToString().ShouldBe("""{"relay":"on"}""");
    }

    [Fact]
    public async Task A_desired_value_that_was_withdrawn_and_asked_for_again_is_delivered_again()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"relay":"on"}}""");
        await using IAsyncEnumerator<ShadowDelta> deltas = _device.Shadow.DeltasAsync().GetAsyncEnumerator();
        await NextAsync(deltas);
        await _device.CloudAsync("""{"desired":{"relay":"off"}}""");
        await _device.CloudAsync("""{"desired":{"relay":"on"}}""");
        ShadowDelta again = await NextAsync(deltas);
        again.State.ToString().ShouldBe("""{"relay":"on"}""");
        again.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Asking_again_for_what_is_asked_for_already_is_no_other_delta()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"relay":"on"}}""");
        await using IAsyncEnumerator<ShadowDelta> deltas = _device.Shadow.DeltasAsync().GetAsyncEnumerator();
        await NextAsync(deltas);
        await _device.CloudAsync("""{"desired":{"relay":"on"}}""");
        await _device.Shadow.Reported.SetAsync("rssi", -60);
        await _device.SettleAsync();
        await _device.CloudAsync("""{"desired":{"mode":"eco"}}""");
        (await NextAsync(deltas)).State.ToString().ShouldBe("""{"mode":"eco","relay":"on"}""");
    }

    [Fact]
    public async Task A_handler_that_was_busy_is_called_for_a_delta_that_came_back()
    {
        await _device.OpenConnectedAsync();
        var calls = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var release = new SemaphoreSlim(0);
        await using IAsyncDisposable handler = _device.Shadow.OnDelta(async (delta, stop) =>
        {
            calls.Writer.TryWrite(delta.State.ToString());
            await release.WaitAsync(stop);
        });
        await _device.CloudAsync("""{"desired":{"relay":"on"}}""");
        (await CallAsync()).ShouldBe("""{"relay":"on"}""");
        await _device.Shadow.AcceptDeltaAsync(_device.Shadow.Delta!);
        await _device.Shadow.Reported.SetAsync("relay", "off");
        release.Release();
        (await CallAsync()).ShouldBe("""{"relay":"on"}""");

        async Task<string> CallAsync() => await calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    private static async Task<ShadowDelta> NextAsync(IAsyncEnumerator<ShadowDelta> deltas)
    {
        (await deltas.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System)).ShouldBeTrue();
        return deltas.Current;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
