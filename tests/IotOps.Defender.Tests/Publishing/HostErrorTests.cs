namespace IotOps.Defender.Tests.Publishing;

public sealed class HostErrorTests : IAsyncDisposable
{
    private readonly PublisherFixture _device = new();

    [Fact]
    public async Task A_collector_that_throws_costs_its_report_alone()
    {
        _device.Fill = static (report, count) =>
        {
            report.ListeningTcpPorts.Add(new ListeningPort(count));
            if (count == 1)
            {
                throw new InvalidDataException("/proc is not there.");
            }
        };
        await _device.OpenConnectedAsync();
        _device.Statistics.Failed.ShouldBe(1);

        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Reports.ShouldHaveSingleItem().ListeningTcpPorts!.Items.ShouldBe([new ListeningPort(2)]);
    }

    [Fact]
    public async Task A_report_that_breaks_a_rule_is_not_sent()
    {
        _device.Fill = static (report, count) => report.ListeningTcpPorts.Add(new ListeningPort(count == 1 ? 70_000 : 70));
        await _device.OpenConnectedAsync();
        _device.Connection.Published.ShouldBeEmpty();
        _device.Statistics.Failed.ShouldBe(1);

        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Connection.Published.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Callbacks_that_throw_do_not_stop_reporting()
    {
        int called = 0;
        void Throw()
        {
            called++;
            throw new InvalidOperationException("The host's own.");
        }

        await _device.OpenConnectedAsync(options => options with
        {
            Collect = report =>
            {
                options.Collect!(report);
                return Throw;
            },
            OnReport = _ => Throw(),
            OnAccepted = _ => Throw(),
            OnRejected = _ => Throw(),
        });
        _device.Statistics.Accepted.ShouldBe(1);
        _device.Service = static _ => PublisherFixture.Reject("InvalidPayload");
        await _device.AdvanceAsync(PublisherFixture.Interval);
        await _device.AdvanceAsync(PublisherFixture.Interval);

        _device.Statistics.Rejected.ShouldBe(2);
        called.ShouldBe(1 + 1 + 1 + 2 + 2);
    }

    [Fact]
    public async Task Disposing_ends_it_and_lets_go_of_the_subscription()
    {
        await _device.OpenConnectedAsync();
        await _device.Publisher.DisposeAsync();
        await _device.Publisher.DisposeAsync();

        _device.Connection.Filters.ShouldBeEmpty();
        _device.Time.Advance(PublisherFixture.Interval * 3);
        _device.Connection.Published.Count.ShouldBe(1);
        _device.Time.ActiveTimers.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(_device.Publisher.Start);
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
