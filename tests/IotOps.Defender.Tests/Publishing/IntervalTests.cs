using IotOps.TestKit;

namespace IotOps.Defender.Tests.Publishing;

public sealed class IntervalTests : IAsyncDisposable
{
    private readonly PublisherFixture _device = new();

    [Fact]
    public async Task The_first_report_goes_out_at_once_and_the_next_after_the_interval()
    {
        await _device.OpenConnectedAsync();
        _device.Connection.Published.ShouldHaveSingleItem().Topic.ShouldBe(PublisherFixture.Json);

        await _device.AdvanceAsync(PublisherFixture.Interval - TimeSpan.FromMilliseconds(1));
        _device.Connection.Published.Count.ShouldBe(1);
        await _device.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        _device.Connection.Published.Count.ShouldBe(2);
        _device.Counts.ShouldBe([1, 2]);
        _device.Statistics.LastAcceptedAt.ShouldNotBeNull();
        (_device.Statistics with { LastAcceptedAt = null }).ShouldBe(new DefenderStatistics(Built: 2, Failed: 0, Superseded: 0, Published: 2, Accepted: 2, Rejected: 0, Throttled: 0, Unanswered: 0, Malformed: 0, Violations: 0, ViolationsDropped: 0));
    }

    [Fact]
    public async Task The_interval_begins_with_the_answer_so_that_the_service_never_sees_less()
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(20));
        await _device.SayAsync(PublisherFixture.Json + "/accepted", PublisherFixture.Accept(_device.Reports[0]));

        await _device.AdvanceAsync(TimeSpan.FromSeconds(299));
        _device.Connection.Published.Count.ShouldBe(1);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        _device.Connection.Published.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_report_that_is_asked_for_goes_out_at_once_and_begins_the_interval_again()
    {
        await _device.OpenConnectedAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(100));

        _device.Publisher.ReportNow();
        await _device.AdvanceAsync(TimeSpan.Zero);
        _device.Connection.Published.Count.ShouldBe(2);

        await _device.AdvanceAsync(TimeSpan.FromSeconds(299));
        _device.Connection.Published.Count.ShouldBe(2);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        _device.Connection.Published.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Jitter_delays_and_never_hastens()
    {
        await _device.OpenConnectedAsync(static options => options with { Jitter = TimeSpan.FromSeconds(60) });
        _device.Connection.Published.ShouldBeEmpty();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(60));
        _device.Connection.Published.Count.ShouldBe(1);

        await _device.AdvanceAsync(TimeSpan.FromSeconds(299));
        _device.Connection.Published.Count.ShouldBe(1);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(61));
        _device.Connection.Published.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Cbor_with_short_names_goes_to_the_cbor_topic()
    {
        await _device.OpenConnectedAsync(static options => options with { Format = DefenderFormat.Cbor, Names = DefenderNames.ShortNames });

        (string topic, byte[] payload) = _device.Connection.Published.ShouldHaveSingleItem();
        topic.ShouldBe(PublisherFixture.Cbor);
        Convert.ToHexString(payload).ShouldStartWith("A263686564A263726964");
        _device.Connection.Filters.ShouldBe([PublisherFixture.Cbor + "/accepted", PublisherFixture.Cbor + "/rejected"]);
    }

    [Fact]
    public async Task Ids_go_on_after_a_restart_though_the_clock_went_back()
    {
        using var directory = new TempDirectory();
        await _device.OpenConnectedAsync(options => options with { StateDirectory = directory["state"] });
        long first = _device.Reports[0].ReportId;
        first.ShouldBe(_device.Time.GetUtcNow().ToUnixTimeSeconds());
        await _device.Publisher.DisposeAsync();

        _device.Time.SetUtcNow(DateTimeOffset.UnixEpoch);
        await _device.OpenAsync(options => options with { StateDirectory = directory["state"] });
        _device.Reports.Select(static report => report.ReportId).ShouldBe([first, first + 1]);
    }

    [Fact]
    public async Task What_is_too_long_is_cut_to_the_size_that_was_asked_for()
    {
        _device.Fill = static (report, _) =>
        {
            for (int i = 0; i < 3000; i++)
            {
                report.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("192.0.2.1"), 1 + i));
            }
        };
        await _device.OpenConnectedAsync(static options => options with { MaxReportBytes = 5000 });

        _device.Connection.Published.ShouldHaveSingleItem().Payload.Length.ShouldBeInRange(4900, 5000);
        _device.Reports[0].TcpConnections!.Total.ShouldBe(3000);
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
