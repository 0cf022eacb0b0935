using IotOps.TestKit;

namespace IotOps.Defender.Tests.Publishing;

/// <summary>Nothing that a host's own code does ends reporting in silence.</summary>
public sealed class UnforeseenErrorTests : IAsyncDisposable
{
    private static readonly InvalidOperationException Unforeseen = new("not this package's");

    private readonly PublisherFixture _device = new();
    private readonly TestLogger _log = new();

    [Fact]
    public async Task The_loop_survives_a_connection_that_throws_and_reports_again()
    {
        await _device.OpenConnectedAsync(options => options with { LoggerFactory = _log });
        _device.Connection.StateError = Unforeseen;
        await _device.AdvanceAsync(PublisherFixture.Interval);
        _log.Entries.ShouldContain(static entry => entry.Message.Contains("continuing", StringComparison.Ordinal));
        _device.Reports.Count.ShouldBe(1);

        _device.Connection.StateError = null;
        await _device.AdvanceAsync(TimeSpan.FromMinutes(1));
        _device.Reports.Count.ShouldBe(2);
        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Reports.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_logger_that_throws_costs_no_report_and_no_baseline()
    {
        _log.Error = Unforeseen;
        await _device.OpenConnectedAsync(options => options with { LoggerFactory = _log });
        for (int i = 0; i < 3; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromMinutes(1));
            await _device.AdvanceAsync(PublisherFixture.Interval);
        }

        _device.Baselines.ShouldBe([1, 2, 3, 4]);
        _device.Accepted.Count.ShouldBe(4);
    }

    [Fact]
    public async Task The_subscription_survives_a_client_that_throws_what_it_should_not()
    {
        _device.Connection.SubscribeError = Unforeseen;
        await _device.OpenConnectedAsync(options => options with { LoggerFactory = _log });
        _device.Connection.SubscribeError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(10));
        _device.Reports.Count.ShouldBe(1);
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
