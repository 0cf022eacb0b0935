namespace IotOps.Defender.Tests.Collector;

public sealed class InterfaceNameTests : IDisposable
{
    private readonly FakeProc _proc = new("1");

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void The_files_of_the_wanted_process_are_read()
    {
        _proc.Sockets("tcp", FakeSocket.Listener("10.0.2.15:22"));

        new MetricsCollector(_proc.Options with { ProcessId = 1 }).Collect().ListeningTcpPorts.Text().ShouldBe(["22 eth0"]);
        new MetricsCollector(_proc.Options).Collect().ListeningTcpPorts.ShouldBeNull();
    }

    [Fact]
    public void An_ipv4_address_alone_in_a_network_is_that_networks_interface()
    {
        _proc.Write("fib_trie", FakeProc.Trie("127.0.0.1", "10.0.2.15", "172.17.0.1"));
        _proc.Write("route", FakeProc.Routes(
            "eth0\t00000000\t0102000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
            "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
            "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0"));

        Names("10.0.2.15:1", "172.17.0.1:2", "127.0.0.1:3", "127.0.0.53:4", "0.0.0.0:5").ShouldBe(["1 eth0", "2 docker0", "3 lo", "4 lo", "5 0.0.0.0"]);
    }

    [Fact]
    public void Of_two_addresses_in_one_network_neither_is_named()
    {
        // 10.0.2.50 may be a virtual address on the loopback: nothing here tells.
        _proc.Write("fib_trie", FakeProc.Trie("127.0.0.1", "10.0.2.15", "10.0.2.50"));
        Names("10.0.2.15:1", "10.0.2.50:2").ShouldBe(["1 -", "2 -"]);
    }

    [Fact]
    public void A_network_at_two_interfaces_names_neither_and_the_narrowest_counts()
    {
        _proc.Write("fib_trie", FakeProc.Trie("10.0.2.15", "10.9.0.1", "10.9.9.9"));
        _proc.Write("route", FakeProc.Routes(
            "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
            "eth1\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
            "wg0\t0000090A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
            "wg1\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0"));

        // 10.9.9.9 is in wg0's network, but so is the address of wg1: not certain.
        Names("10.0.2.15:1", "10.9.0.1:2", "10.9.9.9:3").ShouldBe(["1 -", "2 wg1", "3 -"]);
    }

    [Fact]
    public void An_address_behind_a_router_or_without_a_network_is_not_named()
    {
        _proc.Write("fib_trie", FakeProc.Trie("10.9.9.9", "10.8.8.8"));
        _proc.Write("route", FakeProc.Routes("eth0\t0000090A\t0102000A\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0"));
        Names("10.9.9.9:1", "10.8.8.8:2").ShouldBe(["1 -", "2 -"]);
    }

    [Fact]
    public void A_link_local_address_that_two_interfaces_have_is_not_named()
    {
        _proc.Write("if_inet6", "fe800000000000000000000000000001 02 40 20 80     eth0\nfe800000000000000000000000000001 03 40 20 80     eth1\nfe800000000000000000000000000002 03 40 20 80     eth1\n");
        _proc.Sockets("tcp6", FakeSocket.Listener("[fe80::1]:1"), FakeSocket.Listener("[fe80::2]:2"));
        new MetricsCollector(_proc.Options with { ProcessId = 1 }).Collect().ListeningTcpPorts.Text().ShouldBe(["1 -", "2 eth1"]);
    }

    [Theory]
    [InlineData("fib_trie", "Main:\n  |-- 10.0.2\n")]
    [InlineData("route", "nothing\n")]
    [InlineData("if_inet6", "fe80 02\n")]
    public void Where_the_addresses_cannot_be_read_the_lists_have_no_interfaces(string file, string content)
    {
        var log = new CollectorLog();
        _proc.Write(file, content);
        _proc.Sockets("tcp", FakeSocket.Listener("10.0.2.15:1"));
        var collector = new MetricsCollector(_proc.Options with { ProcessId = 1, LoggerFactory = log });

        collector.Collect().ListeningTcpPorts.Text().ShouldBe(["1 -"]);
        collector.Collect();
        log.Lines.ShouldHaveSingleItem().ShouldStartWith("The list of local addresses cannot be read");
    }

    [Fact]
    public void A_name_that_no_report_takes_is_left_out()
    {
        _proc.Write("if_inet6", "20010db8000000000000000000000007 02 40 00 80     \u0001\n");
        _proc.Sockets("tcp6", FakeSocket.Listener("[2001:db8::7]:1"));
        new MetricsCollector(_proc.Options with { ProcessId = 1 }).Collect().ListeningTcpPorts.Text().ShouldBe(["1 -"]);
    }

    [Fact]
    public void A_thousand_addresses_are_all_known()
    {
        _proc.Write("if_inet6", string.Concat(Enumerable.Range(0, 1000).Select(static i => $"20010db80000000000000000{i:x8} 02 40 00 80     veth{i % 31}\n")));
        _proc.Sockets("tcp6", [.. Enumerable.Range(0, 1000).Select(static i => FakeSocket.Listener($"[2001:db8::{i >> 16:x}:{i & 0xffff:x}]:{i + 1}"))]);

        string[] names = new MetricsCollector(_proc.Options with { ProcessId = 1 }).Collect().ListeningTcpPorts.Text();

        names.ShouldBe(Enumerable.Range(0, 1000).Select(static i => $"{i + 1} veth{i % 31}"));
    }

    private string[] Names(params string[] listeners)
    {
        _proc.Sockets("tcp", [.. listeners.Select(static listener => FakeSocket.Listener(listener))]);
        return new MetricsCollector(_proc.Options with { ProcessId = 1 }).Collect().ListeningTcpPorts.Text();
    }
}
