using System.Text.Json.Nodes;
using IotOps.Defender;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Defender;

/// <summary>This machine as the collector sees it, beside ss and psutil.</summary>
public sealed class CollectorTests(InteropPeers peers)
{
    private static readonly MetricsCollectorOptions Here = new() { ProcfsRoot = "/proc" };

    [Fact]
    public async Task A_hundred_known_sockets_are_all_there_and_whatever_else_psutil_sees()
    {
        await using PsutilPeer psutil = (await PsutilPeer.StartAsync(peers.Require("psutil").Program))!;
        using var known = new KnownSockets();
        known.Count.ShouldBe(100);
        await CompareWithPsutilAsync(known, psutil);
    }

    [Fact]
    public async Task A_hundred_known_sockets_are_all_there_and_whatever_else_ss_sees()
    {
        string ss = peers.Require("ss").Program;
        using var known = new KnownSockets();
        await CompareWithSsAsync(known, ss);
    }

    [Fact]
    public async Task While_another_process_opens_and_closes_sockets_the_known_ones_stay_exact()
    {
        string python = peers.Require("psutil").Program;
        string ss = peers.Require("ss").Program;
        await using PsutilPeer psutil = (await PsutilPeer.StartAsync(python))!;
        await using PsutilPeer churn = (await PsutilPeer.StartAsync(python))!;
        string churnPort = await churn.AskAsync("churn");
        using var known = new KnownSockets();
        var collector = new MetricsCollector(Here);
        for (int round = 0; round < 50; round++)
        {
            var ours = MachineView.Of(collector);
            MustHave(ours, known);
            ours.TcpPorts.ShouldContain($"{churnPort} lo", StringComparer.Ordinal);

            // It has 20 connections at most, two ends each, and as many listeners; ends that are gone may still be seen once.
            ours.Connections.Count(line => line.Contains($" {churnPort} ", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(80);
        }

        await CompareWithPsutilAsync(known, psutil);
        await CompareWithSsAsync(known, ss);
    }

    [Fact]
    public async Task Another_network_namespace_is_read_by_its_process()
    {
        await using PsutilPeer there = await NamespaceAsync();
        using var known = new KnownSockets();
        using var mounts = new TempDirectory();
        string mounted = mounts["proc"];
        File.CreateSymbolicLink(mounted, "/proc");
        foreach (string root in (string[])["/proc", mounted])
        {
            var collector = new MetricsCollector(Here with { ProcfsRoot = root, ProcessId = there.ProcessId });
            var ours = MachineView.Of(collector);
            var theirs = MachineView.OfPsutil(await there.ReportAsync());

            ours.Connections.ShouldBe(theirs.Connections);
            ours.TcpPorts.ShouldBe(theirs.TcpPorts);
            ours.UdpPorts.ShouldBe(theirs.UdpPorts);
            ours.Connections.Count.ShouldBe(80);
            ours.TcpPorts.Count.ShouldBe(6);
            ours.UdpPorts.Count.ShouldBe(4);
            ours.TcpPorts.Count(static line => line.EndsWith(" up0", StringComparison.Ordinal)).ShouldBe(2);
        }

        // And not while nobody asks for it.
        var here = MachineView.Of(new MetricsCollector(Here with { ProcessId = Environment.ProcessId }));
        MustHave(here, known);
        here.TcpPorts.ShouldNotContain(static line => line.EndsWith(" up0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Traffic_of_a_quiet_namespace_is_psutils_to_the_byte()
    {
        await using PsutilPeer there = await NamespaceAsync();
        var collector = new MetricsCollector(Here with { ProcessId = there.ProcessId, IncludeInterfaces = ["lo"], ExcludeInterfaces = [] });
        var builder = new DefenderReportBuilder();
        collector.Accept(collector.Collect(builder));
        JsonNode before = (await there.ReportAsync())["traffic"]!["lo"]!;
        (await there.AskAsync("traffic")).ShouldBe("done");
        collector.Collect(builder);
        JsonNode after = (await there.ReportAsync())["traffic"]!["lo"]!;

        long[] theirs = [.. Enumerable.Range(0, 4).Select(i => after[i]!.GetValue<long>() - before[i]!.GetValue<long>())];
        builder.NetworkStats.ShouldBe(new NetworkStats(theirs[0], theirs[1], theirs[2], theirs[3]));

        // 100 datagrams with their UDP and IPv4 headers.
        theirs[0].ShouldBe(100 * (1000 + 8 + 20));
        theirs[2].ShouldBe(100);
    }

    [Fact]
    public async Task Memory_and_disk_are_as_full_as_psutil_says()
    {
        await using PsutilPeer psutil = (await PsutilPeer.StartAsync(peers.Require("psutil").Program))!;
        JsonNode theirs = await psutil.ReportAsync();
        var builder = new DefenderReportBuilder();
        new MetricsCollector(Here with { BuiltIn = [BuiltInMetrics.MemoryUsage, BuiltInMetrics.DiskUsage] }).Collect(builder);
        IReadOnlyDictionary<string, CustomMetricValue> ours = builder.Build(1).CustomMetrics;

        ours["memory_usage"].Numbers[0].ShouldBe(theirs["memory"]!.GetValue<double>(), tolerance: 5);
        ours["disk_usage"].Numbers[0].ShouldBe(theirs["disk"]!.GetValue<double>(), tolerance: 1);
    }

    private static async Task CompareWithPsutilAsync(KnownSockets known, PsutilPeer psutil)
    {
        (MachineView lasting, MachineView theirs) = await LookInTurnsAsync(async () => MachineView.OfPsutil(await psutil.ReportAsync()));

        MustHave(lasting, known);
        MustHave(theirs, known);
        MustBeWithin(lasting, theirs);
    }

    private static async Task CompareWithSsAsync(KnownSockets known, string ss)
    {
        (MachineView lasting, MachineView theirs) = await LookInTurnsAsync(() => MachineView.OfSsAsync(ss));

        MustHave(lasting, known);
        MustBeWithin(lasting.WithoutInterfaces(), theirs);
    }

    // What we saw at every look, before, between and after theirs, must be what they saw at one of them. Others' sockets come and go, under the
    // same port again too; and they read the kernel's tables once a look, and the kernel skips sockets when others go meanwhile.
    private static async Task<(MachineView Lasting, MachineView Theirs)> LookInTurnsAsync(Func<Task<MachineView>> look)
    {
        var collector = new MetricsCollector(Here);
        var lasting = MachineView.Of(collector);
        MachineView? theirs = null;
        for (int i = 0; i < 5; i++)
        {
            MachineView seen = await look();
            theirs = theirs?.With(seen) ?? seen;
            lasting = lasting.Common(MachineView.Of(collector));
        }

        return (lasting, theirs!);
    }

    private static void MustBeWithin(MachineView ours, MachineView theirs)
    {
        ours.Connections.ShouldBeSubsetOf(theirs.Connections, StringComparer.Ordinal);
        ours.TcpPorts.ShouldBeSubsetOf(theirs.TcpPorts, StringComparer.Ordinal);
        ours.UdpPorts.ShouldBeSubsetOf(theirs.UdpPorts, StringComparer.Ordinal);
    }

    // All of them, and nothing else under their ports.
    private static void MustHave(MachineView view, KnownSockets known)
    {
        HashSet<string> tcp = Ports(known.TcpPorts);
        view.TcpPorts.Where(line => tcp.Contains(line.Split(' ')[0])).ShouldBe(known.TcpPorts, StringComparer.Ordinal);
        view.Connections.Where(line => tcp.Contains(line.Split(' ')[1]) || tcp.Contains(line.Split(' ')[2])).ShouldBe(known.Connections, StringComparer.Ordinal);
        HashSet<string> udp = Ports(known.UdpPorts);
        view.UdpPorts.Where(line => udp.Contains(line.Split(' ')[0])).ShouldBe(known.UdpPorts, StringComparer.Ordinal);
        view.UdpPorts.ShouldNotContain(line => known.ConnectedUdp.Contains(int.Parse(line.Split(' ')[0])));
    }

    private static HashSet<string> Ports(IEnumerable<string> lines) => new(lines.Select(static line => line.Split(' ')[0]), StringComparer.Ordinal);

    private async Task<PsutilPeer> NamespaceAsync()
    {
        PsutilPeer? there = await PsutilPeer.StartAsync(peers.Require("psutil").Program, inOwnNamespace: true);
        if (there is null)
        {
            Assert.Skip("A network namespace takes root (unshare -n) and a kernel with veth interfaces; this process may not make one.");
        }

        return there!;
    }
}
