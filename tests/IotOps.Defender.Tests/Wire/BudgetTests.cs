namespace IotOps.Defender.Tests.Wire;

public sealed class BudgetTests
{
    [Fact]
    public void A_report_that_fits_to_the_byte_is_not_cut()
    {
        DefenderReport report = Report(500, 20, 5);
        foreach ((DefenderFormat format, DefenderNames names) in Encoded.Ways)
        {
            byte[] whole = report.Encode(format, names);
            report.Encode(format, names, whole.Length).ShouldBe(whole);
            report.Encode(format, names, whole.Length - 1).Length.ShouldBeLessThan(whole.Length);
        }
    }

    [Theory]
    [InlineData(3000, 10, 10)]
    [InlineData(5000, 0, 0)]
    [InlineData(3000, 3000, 3000)]
    [InlineData(1, 20_000, 3)]
    public void A_report_over_the_budget_is_filled_up_to_it_and_keeps_its_totals(int connections, int tcpPorts, int udpPorts)
    {
        DefenderReport report = Report(connections, tcpPorts, udpPorts);
        foreach ((DefenderFormat format, DefenderNames names) in Encoded.Ways)
        {
            byte[] bytes = report.Encode(format, names, maxBytes: 50_000);

            // Not one more would have fitted: an entry has 105 bytes at most, and each of the three lists may waste one.
            bytes.Length.ShouldBeInRange(50_000 - (3 * 120), 50_000);
            DefenderReport read = DefenderReport.Parse(bytes, format);
            read.TcpConnections!.Total.ShouldBe(connections);
            read.ListeningTcpPorts!.Total.ShouldBe(tcpPorts);
            read.ListeningUdpPorts!.Total.ShouldBe(udpPorts);
        }
    }

    [Fact]
    public void A_small_list_stays_whole_beside_a_large_one()
    {
        DefenderReport read = Cut(Report(5000, 10, 7), 50_000);

        read.ListeningTcpPorts!.Items.Count.ShouldBe(10);
        read.ListeningUdpPorts!.Items.Count.ShouldBe(7);
        read.TcpConnections!.Items.Count.ShouldBeLessThan(5000);
    }

    [Fact]
    public void What_is_left_is_spread_over_the_whole_list_in_its_order()
    {
        DefenderReport read = Cut(Report(5000, 0, 0), 20_000);
        int[] kept = [.. read.TcpConnections!.Items.Select(static connection => connection.RemotePort - 1)];

        kept.ShouldBe(kept.Order());
        int[] perTenth = [.. Enumerable.Range(0, 10).Select(tenth => kept.Count(index => index / 500 == tenth))];
        (perTenth.Max() - perTenth.Min()).ShouldBeLessThanOrEqualTo(2, string.Join(' ', perTenth));

        // The golden ratio's own property: there are at most three different gaps.
        kept.Zip(kept.Skip(1), static (a, b) => b - a).Distinct().Count().ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void The_same_report_is_cut_the_same_way_and_more_room_only_adds()
    {
        DefenderReport report = Report(4000, 100, 0);
        byte[] once = report.Encode(DefenderFormat.Cbor, DefenderNames.LongNames, 30_000);
        report.Encode(DefenderFormat.Cbor, DefenderNames.LongNames, 30_000).ShouldBe(once);

        var few = Cut(report, 30_000).TcpConnections!.Items.ToHashSet();
        few.IsProperSubsetOf(Cut(report, 40_000).TcpConnections!.Items).ShouldBeTrue();
    }

    [Fact]
    public void The_services_own_limit_holds_without_being_named()
    {
        DefenderReport report = Report(20_000, 0, 0);

        report.Encode(DefenderFormat.Json, DefenderNames.LongNames).Length.ShouldBeInRange(128 * 1024 - 200, 128 * 1024);
    }

    [Fact]
    public void Custom_metrics_are_never_cut_so_too_many_are_an_error()
    {
        DefenderReport report = Encoded.Custom("long", CustomMetricValue.StringList(Enumerable.Repeat(new string('x', 100), 2000)));

        Should.Throw<InvalidOperationException>(() => report.Json()).Message.ShouldContain("131072 are allowed; report fewer or shorter custom metrics");
    }

    private static DefenderReport Cut(DefenderReport report, int maxBytes) =>
        DefenderReport.Parse(report.Encode(DefenderFormat.Json, DefenderNames.LongNames, maxBytes), DefenderFormat.Json);

    private static DefenderReport Report(int connections, int tcpPorts, int udpPorts)
    {
        var builder = new DefenderReportBuilder();
        builder.TcpConnections.Present();
        builder.ListeningTcpPorts.Present();
        builder.ListeningUdpPorts.Present();
        builder.SetCustomMetric("cpu_usage", CustomMetricValue.Number(3.5));
        for (int i = 0; i < connections; i++)
        {
            InternetAddress peer = i % 3 == 0 ? InternetAddress.FromBytes([0x20, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, (byte)(i >> 8), (byte)i]) : InternetAddress.FromBytes([10, 0, (byte)(i >> 8), (byte)i]);
            builder.TcpConnections.Add(new EstablishedConnection(peer, 1 + i, 22, "eth0"));
        }

        for (int i = 0; i < tcpPorts; i++)
        {
            builder.ListeningTcpPorts.Add(new ListeningPort(1 + i, "eth0"));
        }

        for (int i = 0; i < udpPorts; i++)
        {
            builder.ListeningUdpPorts.Add(new ListeningPort(1 + i));
        }

        return builder.Build(1_700_000_000);
    }
}
