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

    private static async Task<ShadowDelta> NextAsync(IAsyncEnumerator<ShadowDelta> deltas)
    {
        (await deltas.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System)).ShouldBeTrue();
        return deltas.Current;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
