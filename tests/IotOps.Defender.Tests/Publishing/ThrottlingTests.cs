namespace IotOps.Defender.Tests.Publishing;

public sealed class ThrottlingTests : IAsyncDisposable
{
    private readonly PublisherFixture _device = new();

    [Fact]
    public async Task A_throttled_publisher_waits_twice_as_long_each_time_up_to_eight_intervals_and_recovers_at_once()
    {
        _device.Service = static _ => PublisherFixture.Reject("Throttled");
        await _device.OpenConnectedAsync();
        foreach (int intervals in (int[])[2, 4, 8, 8])
        {
            int before = _device.Connection.Published.Count;
            await _device.AdvanceAsync((intervals * PublisherFixture.Interval) - TimeSpan.FromSeconds(1));
            _device.Connection.Published.Count.ShouldBe(before);
            await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
            _device.Connection.Published.Count.ShouldBe(before + 1);
        }

        _device.Rejections.ShouldAllBe(static rejection => rejection.IsThrottled);
        _device.Statistics.Throttled.ShouldBe(5);
        _device.Service = PublisherFixture.Accept;
        await _device.AdvanceAsync(8 * PublisherFixture.Interval);
        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Statistics.Accepted.ShouldBe(2);
        _device.Baselines.ShouldBe([6, 7]);
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
