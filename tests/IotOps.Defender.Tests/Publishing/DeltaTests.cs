using IotOps.Defender.Tests.Collector;

namespace IotOps.Defender.Tests.Publishing;

/// <summary>The collector's baseline follows what the service accepted.</summary>
public sealed class DeltaTests : IAsyncDisposable
{
    private readonly PublisherFixture _device = new();
    private readonly FakeProc _proc = new();
    private ulong _counter = 1000;

    [Fact]
    public async Task Traffic_of_reports_that_were_rejected_lost_or_superseded_is_in_the_next_one()
    {
        string?[] answers = ["accept", "reject", null, "accept", "accept"];
        _device.Service = report => answers[_device.Connection.Published.Count - 1] switch
        {
            "accept" => PublisherFixture.Accept(report),
            "reject" => PublisherFixture.Reject("InvalidPayload"),
            _ => null,
        };
        await OpenAsync();
        await NextAsync(); // rejected
        await NextAsync(); // no answer
        await _device.AdvanceAsync(TimeSpan.FromSeconds(30));
        _device.Connection.Disconnect();
        await NextAsync(); // superseded
        await NextAsync();
        _device.Connection.Connect();
        await _device.SettleAsync();
        await NextAsync();

        // The first report has nothing to compare with.
        _device.Reports.Select(static report => report.NetworkStats?.BytesIn).ShouldBe([null, 100, 200, 400, 100]);
        _device.Statistics.Superseded.ShouldBe(1);
    }

    [Fact]
    public async Task The_hosts_own_metrics_come_beside_the_collectors()
    {
        await OpenAsync();

        DefenderReport report = _device.Reports.ShouldHaveSingleItem();
        report.ListeningTcpPorts!.Total.ShouldBe(0);
        report.CustomMetrics["count"].Numbers.ShouldBe([1]);
        _device.Baselines.ShouldBe([1]);
    }

    private Task OpenAsync()
    {
        Move();
        return _device.OpenConnectedAsync(options => options with { Collector = new MetricsCollector(_proc.Options) });
    }

    private async Task NextAsync()
    {
        Move();
        await _device.AdvanceAsync(PublisherFixture.Interval);
    }

    private void Move()
    {
        _counter += 100;
        _proc.Devices(("eth0", _counter, 10, 2000, 20));
    }

    public async ValueTask DisposeAsync()
    {
        await _device.DisposeAsync();
        _proc.Dispose();
    }
}
