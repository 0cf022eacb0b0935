using IotOps.TestKit;

namespace IotOps.Defender.Tests.Collector;

public sealed class TrafficTests : IDisposable
{
    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void The_first_sample_has_no_traffic_and_the_next_what_went_by_since_it_was_accepted()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true).ShouldBeNull();
        _proc.Devices(("lo", 999, 9, 999, 9), ("eth0", 1500, 13, 2070, 21));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(500, 70, 3, 1));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
    }

    [Fact]
    public void While_no_report_was_accepted_there_is_nothing_to_compare_with()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: false).ShouldBeNull();
        _proc.Devices(("eth0", 1500, 13, 2070, 21));
        Sample(collector, accept: false).ShouldBeNull();
    }

    [Fact]
    public void A_lost_reports_traffic_is_in_the_next()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        _proc.Devices(("eth0", 1100, 11, 2000, 20));
        Sample(collector, accept: false).ShouldBe(new NetworkStats(100, 0, 1, 0));
        _proc.Devices(("eth0", 1300, 12, 2000, 20));
        Sample(collector, accept: false).ShouldBe(new NetworkStats(300, 0, 2, 0));
        _proc.Devices(("eth0", 1600, 13, 2000, 20));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(600, 0, 3, 0));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
    }

    [Fact]
    public void An_answer_that_comes_after_the_next_sample_moves_the_baseline_to_its_own()
    {
        var collector = new MetricsCollector(_proc.Options);
        var builder = new DefenderReportBuilder();
        MetricsSample first = collector.Collect(builder);
        _proc.Devices(("eth0", 1100, 11, 2000, 20));
        MetricsSample second = collector.Collect(builder);
        _proc.Devices(("eth0", 1300, 12, 2000, 20));
        collector.Collect(builder);

        collector.Accept(second);
        collector.Accept(first);

        Sample(collector, accept: false).ShouldBe(new NetworkStats(200, 0, 1, 0));
    }

    [Theory]
    [InlineData(999UL, 100UL, 3000UL, 30UL)]
    [InlineData(5000UL, 9UL, 3000UL, 30UL)]
    [InlineData(5000UL, 100UL, 1999UL, 30UL)]
    [InlineData(5000UL, 100UL, 3000UL, 0UL)]
    [InlineData(1UL << 63, 100UL, 3000UL, 30UL)]
    public void A_counter_that_is_not_comparable_begins_anew(ulong bytesIn, ulong packetsIn, ulong bytesOut, ulong packetsOut)
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        _proc.Devices(("eth0", 1100, 11, 2000, 20));
        Sample(collector, accept: false);
        _proc.Devices(("eth0", bytesIn, packetsIn, bytesOut, packetsOut));
        Sample(collector, accept: false).ShouldBe(new NetworkStats(100, 0, 1, 0));
        _proc.Devices(("eth0", bytesIn + 7, packetsIn + 1, bytesOut + 5, packetsOut + 1));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(107, 5, 2, 1));
    }

    [Fact]
    public void An_interface_that_comes_or_is_renamed_begins_with_nothing()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        _proc.Devices(("wan0", 1_000_500, 10_000, 2_000_000, 20_000), ("wwan0", 77, 7, 77, 7));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
        _proc.Devices(("wwan0", 78, 8, 79, 9), ("wan0", 1_000_510, 10_001, 2_000_000, 20_000));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(11, 2, 2, 2));
    }

    [Theory]
    [InlineData(4294960000UL, 9000UL, 5000UL, 50UL, 2704UL, 9010UL, 6000UL, 60UL, 10000, 1000, 10, 10)] // bytes in
    [InlineData(5000UL, 50UL, 4294960000UL, 9000UL, 6000UL, 60UL, 2704UL, 9010UL, 1000, 10000, 10, 10)] // bytes out
    [InlineData(4294960000UL, 9000UL, 4294967000UL, 50UL, 2704UL, 9010UL, 704UL, 60UL, 10000, 1000, 10, 10)] // both ways
    [InlineData(4294960000UL, 9000UL, 5000UL, 50UL, 2704UL, 9000UL, 6000UL, 50UL, 10000, 1000, 0, 0)] // packets that a driver does not count
    [InlineData(1000UL, 4294967290UL, 5000UL, 50UL, 11000UL, 4UL, 6000UL, 60UL, 10000, 1000, 10, 10)] // packets
    [InlineData(4294960000UL, 4294967290UL, 5000UL, 50UL, 2704UL, 4UL, 6000UL, 60UL, 10000, 1000, 10, 10)] // bytes and packets
    [InlineData(1000UL, 9000UL, 5000UL, 50UL, 999UL, 3009000UL, 6000UL, 60UL, 4294967295, 1000, 3000000, 10)] // nearly all the way round, as the packets say
    public void A_counter_of_32_bits_that_wraps_counts_on(
        ulong bytesIn, ulong packetsIn, ulong bytesOut, ulong packetsOut, ulong nextIn, ulong nextPacketsIn, ulong nextOut, ulong nextPacketsOut, long wentIn, long wentOut, long wentPacketsIn, long wentPacketsOut)
    {
        var collector = new MetricsCollector(_proc.Options);
        _proc.Devices(("eth0", bytesIn, packetsIn, bytesOut, packetsOut));
        Sample(collector, accept: true);
        _proc.Devices(("eth0", nextIn, nextPacketsIn, nextOut, nextPacketsOut));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(wentIn, wentOut, wentPacketsIn, wentPacketsOut));
    }

    [Theory]
    [InlineData(4294960000UL, 3000000UL, 4000000000UL, 2000000UL, 100UL, 1UL, 200UL, 2UL)] // all four at zero again
    [InlineData(3000000000UL, 2900000UL, 100UL, 1UL, 1000UL, 10UL, 5000UL, 50UL)] // reset, and more sent since than ever before
    [InlineData(3000000000UL, 2900000UL, 100UL, 1UL, 1000UL, 10UL, 100UL, 1UL)]
    [InlineData(5000000000UL, 9000UL, 5000UL, 50UL, 2704UL, 9010UL, 6000UL, 60UL)] // more than 32 bits hold
    [InlineData(4294960000UL, 9000UL, 5000UL, 50UL, 2704UL, 9010UL, 5000000000UL, 60UL)]
    [InlineData(4000UL, 9000UL, 5000UL, 50UL, 3999UL, 9010UL, 6000UL, 60UL)] // ten packets do not carry 4 GB
    [InlineData(4000UL, 9000UL, 5000UL, 50UL, 3999UL, 9000UL, 6000UL, 60UL)]
    public void A_counter_that_was_reset_is_not_taken_for_one_that_wrapped(
        ulong bytesIn, ulong packetsIn, ulong bytesOut, ulong packetsOut, ulong nextIn, ulong nextPacketsIn, ulong nextOut, ulong nextPacketsOut)
    {
        var collector = new MetricsCollector(_proc.Options);
        _proc.Devices(("eth0", bytesIn, packetsIn, bytesOut, packetsOut));
        Sample(collector, accept: true);
        _proc.Devices(("eth0", nextIn, nextPacketsIn, nextOut, nextPacketsOut));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
    }

    [Fact]
    public void An_interface_that_was_away_and_returns_counts_what_it_carried_since()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        _proc.Devices();
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
        _proc.Devices(("eth0", 50, 2, 70, 3));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(50, 70, 2, 3));
        _proc.Devices(("eth0", 51, 4, 73, 7));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(1, 3, 2, 4));
    }

    [Fact]
    public void A_modem_that_is_away_at_every_other_reading_is_reported()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        long carried = 0;
        for (int i = 1; i <= 6; i++)
        {
            _proc.Devices();
            Sample(collector, accept: true);
            _proc.Devices(("eth0", 50, 2, 70, 3));
            carried += Sample(collector, accept: true)!.Value.BytesIn;
        }

        carried.ShouldBe(6 * 50);
    }

    [Fact]
    public void The_systems_number_tells_the_same_interface_from_a_new_one_of_its_name()
    {
        using var sys = new TempDirectory();
        var collector = new MetricsCollector(_proc.Options with { SysfsRoot = sys.Path });
        Number(sys, "eth0", 3);
        Sample(collector, accept: true);

        // It was in a container's namespace for a while.
        _proc.Devices();
        Sample(collector, accept: true);
        _proc.Devices(("eth0", 1500, 13, 2070, 21));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(500, 70, 3, 1));

        // It was plugged in again between two readings, and has carried more and less than before.
        Number(sys, "eth0", 7);
        _proc.Devices(("eth0", 2000, 5, 100, 2));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(2000, 100, 5, 2));
        Number(sys, "eth0", 9);
        _proc.Devices(("eth0", 50, 1, 60, 1));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(50, 60, 1, 1));

        // Its counters were reset.
        _proc.Devices(("eth0", 40, 0, 50, 0));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));

        // Another one has taken its name.
        Number(sys, "eth1", 10);
        _proc.Devices(("eth0", 45, 1, 55, 1), ("eth1", 1_000_000, 1000, 1_000_000, 1000));
        Sample(collector, accept: true);
        Number(sys, "eth0", 10);
        _proc.Devices(("eth0", 1_000_001, 1001, 1_000_001, 1001));
        Sample(collector, accept: true)!.Value.BytesIn.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Interfaces_without_end_that_come_and_go_are_not_all_remembered()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        for (int i = 0; i < 2000; i++)
        {
            _proc.Devices(($"usb{i}", 100, 1, 100, 1));
            Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
        }

        // The latest are.
        _proc.Devices(("usb1900", 60, 1, 60, 1));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(60, 60, 1, 1));
        _proc.Devices(("usb1", 60, 1, 60, 1));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(0, 0, 0, 0));
    }

    [Fact]
    public void What_went_by_while_the_counters_could_not_be_read_is_in_the_next()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        _proc.Remove("dev");
        Sample(collector, accept: true).ShouldBeNull();
        _proc.Devices(("eth0", 1500, 13, 2070, 21));
        Sample(collector, accept: true).ShouldBe(new NetworkStats(500, 70, 3, 1));
    }

    [Theory]
    [InlineData("*", "", 1111)]
    [InlineData("*", "lo", 1110)]
    [InlineData("eth*", "", 100)]
    [InlineData("eth?", "eth0", 0)]
    [InlineData("w*0", "", 1000)]
    [InlineData("*a*,lo", "br-*", 1001)]
    [InlineData("", "", 0)]
    [InlineData("eth", "", 0)]
    public void Patterns_choose_the_interfaces(string include, string exclude, long bytes)
    {
        var collector = new MetricsCollector(_proc.Options with { IncludeInterfaces = Split(include), ExcludeInterfaces = Split(exclude) });
        _proc.Devices(("lo", 0, 0, 0, 0), ("br-a1", 0, 0, 0, 0), ("eth0", 0, 0, 0, 0), ("wlan0", 0, 0, 0, 0));
        Sample(collector, accept: true);
        _proc.Devices(("lo", 1, 0, 0, 0), ("br-a1", 10, 0, 0, 0), ("eth0", 100, 0, 0, 0), ("wlan0", 1000, 0, 0, 0));
        Sample(collector, accept: true)!.Value.BytesIn.ShouldBe(bytes);
    }

    [Fact]
    public void By_default_what_would_count_twice_does_not_count()
    {
        var collector = new MetricsCollector(_proc.Options);
        string[] names = ["lo", "eth0", "veth12ab", "br-0123", "docker0", "virbr0", "wlan0"];
        _proc.Devices([.. names.Select(static name => (name, 0UL, 0UL, 0UL, 0UL))]);
        Sample(collector, accept: true);
        _proc.Devices([.. names.Select(static name => (name, 1UL, 1UL, 1UL, 1UL))]);
        Sample(collector, accept: true).ShouldBe(new NetworkStats(2, 2, 2, 2));
    }

    [Fact]
    public void A_line_without_a_space_after_the_colon_is_an_older_kernels()
    {
        var collector = new MetricsCollector(_proc.Options);
        Sample(collector, accept: true);
        string[] lines = File.ReadAllLines(_proc["dev"]);
        _proc.Write("dev", lines[0] + "\n" + lines[1] + "\n  eth0:1001 11 0 0 0 0 0 0 2002 21 0 0 0 0 0 0\n");
        Sample(collector, accept: true).ShouldBe(new NetworkStats(1, 2, 1, 1));
    }

    [Fact]
    public void Another_collectors_sample_is_refused()
    {
        MetricsSample sample = new MetricsCollector(_proc.Options).Collect(new DefenderReportBuilder());
        Should.Throw<ArgumentException>(() => new MetricsCollector(_proc.Options).Accept(sample)).Message.ShouldContain("another collector");
    }

    private static void Number(TempDirectory sys, string name, int index) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(sys[$"class/net/{name}"]).FullName, "ifindex"), $"{index}\n");

    private static string[] Split(string patterns) => patterns.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static NetworkStats? Sample(MetricsCollector collector, bool accept)
    {
        var builder = new DefenderReportBuilder();
        MetricsSample sample = collector.Collect(builder);
        if (accept)
        {
            collector.Accept(sample);
        }

        return builder.NetworkStats;
    }
}
