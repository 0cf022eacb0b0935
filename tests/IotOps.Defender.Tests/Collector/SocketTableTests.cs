namespace IotOps.Defender.Tests.Collector;

public sealed class SocketTableTests : IDisposable
{
    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Established_connections_and_listeners_are_told_apart_by_state()
    {
        _proc.Sockets(
            "tcp",
            FakeSocket.Connection("10.0.2.15:51022", "198.51.100.7:8883"),
            FakeSocket.Listener("0.0.0.0:22"),
            FakeSocket.Connection("10.0.2.15:51023", "198.51.100.7:443") with { State = 6 },
            FakeSocket.Connection("10.0.2.15:51024", "198.51.100.7:443") with { State = 2 });

        DefenderReport report = new MetricsCollector(_proc.Options).Collect();

        report.TcpConnections.Text().ShouldBe(["198.51.100.7|8883 51022 eth0"]);
        report.ListeningTcpPorts.Text().ShouldBe(["22 0.0.0.0"]);
        report.ListeningUdpPorts.Text().ShouldBeEmpty();
    }

    [Fact]
    public void The_bytes_of_a_kernels_own_lines_are_read()
    {
        _proc.Write("tcp", FakeProc.Table(FakeProc.SocketHeader, [
            "   0: 0100007F:8789 0100007F:A210 01 00000000:00000000 03:00001164 00000000     0        0 0 3 0000000027b6b535                                      ",
            "   1: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1083 1 000000006b9c5e83 100 0 0 10 0                      "]));
        _proc.Write("tcp6", FakeProc.Table(FakeProc.SocketHeader6, [
            "   0: B80D0120000000000000000005000000:1F90 B80D01200000000000000000010000FE:D431 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 4 0 10 -1"]));

        DefenderReport report = new MetricsCollector(_proc.Options).Collect();

        report.TcpConnections.Text().ShouldBe(["2001:db8::fe00:1|54321 8080 eth0", "127.0.0.1|41488 34697 lo"]);
        report.ListeningTcpPorts.Text().ShouldBe(["2024 0.0.0.0"]);
    }

    [Fact]
    public void Ipv4_peers_of_an_ipv6_socket_are_ipv4()
    {
        _proc.Sockets("tcp6", FakeSocket.Connection("[::ffff:10.0.2.15]:443", "[::ffff:203.0.113.9]:40000"), FakeSocket.Listener("[::ffff:10.0.2.15]:443"), FakeSocket.Listener("[::]:443"));

        DefenderReport report = new MetricsCollector(_proc.Options).Collect();

        report.TcpConnections.Text().ShouldBe(["203.0.113.9|40000 443 eth0"]);
        report.TcpConnections!.Items[0].RemoteAddress.IsIPv4.ShouldBeTrue();
        report.ListeningTcpPorts.Text().ShouldBe(["443 ::", "443 eth0"]);
    }

    [Fact]
    public void A_udp_socket_that_is_connected_does_not_listen()
    {
        _proc.Sockets(
            "udp",
            FakeSocket.Listener("0.0.0.0:68", FakeSocket.Unconnected),
            FakeSocket.Connection("10.0.2.15:40001", "10.0.2.3:53"),
            FakeSocket.Connection("10.0.2.15:40002", "10.0.2.3:53") with { State = FakeSocket.Unconnected });
        _proc.Sockets("udp6", FakeSocket.Listener("[::1]:5353", FakeSocket.Unconnected));

        DefenderReport report = new MetricsCollector(_proc.Options).Collect();

        report.ListeningUdpPorts.Text().ShouldBe(["68 0.0.0.0", "5353 lo"]);
        report.TcpConnections.Text().ShouldBeEmpty();
    }

    [Fact]
    public void Sockets_that_share_a_port_are_one_port_on_each_interface()
    {
        _proc.Sockets("udp", [.. Enumerable.Repeat(FakeSocket.Listener("0.0.0.0:5353", FakeSocket.Unconnected), 4), FakeSocket.Listener("127.0.0.1:5353", FakeSocket.Unconnected), FakeSocket.Listener("127.0.0.53:5353", FakeSocket.Unconnected)]);

        SampledList<ListeningPort>? ports = new MetricsCollector(_proc.Options).Collect().ListeningUdpPorts;

        ports.Text().ShouldBe(["5353 0.0.0.0", "5353 lo"]);
        ports!.Total.ShouldBe(2);
    }

    [Fact]
    public void A_connection_seen_twice_because_the_table_moved_is_one()
    {
        var socket = FakeSocket.Connection("10.0.2.15:51022", "198.51.100.7:8883");
        _proc.Sockets("tcp", socket, FakeSocket.Connection("10.0.2.15:51023", "198.51.100.7:8883"), socket);

        new MetricsCollector(_proc.Options).Collect().TcpConnections!.Total.ShouldBe(2);
    }

    [Fact]
    public void The_order_does_not_depend_on_the_kernels()
    {
        FakeSocket[] sockets = [.. Enumerable.Range(0, 50).Select(static i => FakeSocket.Connection($"10.0.2.15:{40000 + (i * 7 % 10)}", $"198.51.100.{i}:8883"))];
        _proc.Sockets("tcp", sockets);
        string[] one = new MetricsCollector(_proc.Options).Collect().TcpConnections.Text();
        Array.Reverse(sockets);
        _proc.Sockets("tcp", sockets);

        new MetricsCollector(_proc.Options).Collect().TcpConnections.Text().ShouldBe(one);
        one.Length.ShouldBe(50);
    }

    [Fact]
    public void A_peer_with_port_zero_costs_itself_and_nothing_else()
    {
        _proc.Sockets("tcp", FakeSocket.Connection("10.0.2.15:22", "198.51.100.7:0"), FakeSocket.Connection("10.0.2.15:22", "198.51.100.7:40000"));

        new MetricsCollector(_proc.Options).Collect().TcpConnections.Text().ShouldBe(["198.51.100.7|40000 22 eth0"]);
    }

    [Fact]
    public void A_table_of_many_buffers_is_read_to_its_end()
    {
        _proc.Sockets("tcp", [.. Enumerable.Range(0, 20_000).Select(static i => FakeSocket.Connection($"10.0.2.15:{1 + (i % 60_000)}", $"198.51.{i >> 8}.{i & 255}:8883"))]);

        new MetricsCollector(_proc.Options).Collect().TcpConnections!.Total.ShouldBe(20_000);
    }

    [Fact]
    public void A_kernel_without_ipv6_has_ipv4_alone()
    {
        _proc.Sockets("tcp", FakeSocket.Listener("0.0.0.0:22"));
        _proc.Remove("tcp6");
        _proc.Remove("udp6");
        _proc.Remove("if_inet6");
        var log = new CollectorLog();

        DefenderReport report = new MetricsCollector(_proc.Options with { LoggerFactory = log }).Collect();

        report.ListeningTcpPorts.Text().ShouldBe(["22 0.0.0.0"]);
        report.ListeningUdpPorts.Text().ShouldBeEmpty();
        log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void A_report_has_nothing_of_the_one_before()
    {
        var builder = new DefenderReportBuilder();
        var collector = new MetricsCollector(_proc.Options);
        _proc.Sockets("tcp", FakeSocket.Listener("0.0.0.0:22"), FakeSocket.Connection("10.0.2.15:22", "198.51.100.7:40000"));
        builder.SetCustomMetric("old", CustomMetricValue.Number(1));
        collector.Collect(builder);
        collector.Collect(builder);
        _proc.Sockets("tcp");
        collector.Collect(builder);

        DefenderReport report = builder.Build(1);
        report.TcpConnections!.Total.ShouldBe(0);
        report.ListeningTcpPorts!.Total.ShouldBe(0);
        report.CustomMetrics.ShouldBeEmpty();
    }
}
