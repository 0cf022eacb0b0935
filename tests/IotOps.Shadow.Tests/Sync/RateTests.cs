using IotOps.Shadow.Sync;

namespace IotOps.Shadow.Tests.Sync;

public sealed class RateTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task At_most_ten_requests_are_without_an_answer()
    {
        _device.Connection.Broker = static _ => [];
        await _device.OpenConnectedAsync(Many);
        _device.Connection.Published.Count.ShouldBe(10);

        // One answer makes room for one request.
        _device.Connection.Say([.. _device.Service.Handle(_device.Connection.Published[0])]);
        await _device.SettleAsync();
        _device.Connection.Published.Count.ShouldBe(11);
    }

    [Fact]
    public async Task At_most_twenty_requests_go_out_in_any_second_and_none_is_forgotten()
    {
        await _device.OpenConnectedAsync(Many);
        _device.Connection.Published.Count.ShouldBe(20);
        await _device.AdvanceAsync(TimeSpan.FromMilliseconds(999));
        _device.Connection.Published.Count.ShouldBe(20);
        await _device.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        _device.Connection.Published.Count.ShouldBe(40);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        _device.Connection.Gets.Select(static m => m.Topic).Distinct(StringComparer.Ordinal).Count().ShouldBe(50);
    }

    [Fact]
    public void A_burst_after_a_pause_is_counted_by_its_own_second()
    {
        var budget = new RequestBudget();
        Enumerable.Range(0, 30).Count(_ => budget.TryTake(TimeSpan.FromSeconds(5), 0)).ShouldBe(20);
        budget.TryTake(TimeSpan.FromSeconds(5.9), 0).ShouldBeFalse();
        budget.NextAt(TimeSpan.FromSeconds(5.9)).ShouldBe(TimeSpan.FromSeconds(6));
        Enumerable.Range(0, 30).Count(_ => budget.TryTake(TimeSpan.FromSeconds(6), 0)).ShouldBe(20);
        budget.TryTake(TimeSpan.FromSeconds(60), RequestBudget.MaxInFlight).ShouldBeFalse();
    }

    private static ShadowCacheOptions Many(ShadowCacheOptions options) =>
        options with { Shadows = [.. Enumerable.Range(0, 50).Select(static i => new ShadowId("s" + i))] };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
