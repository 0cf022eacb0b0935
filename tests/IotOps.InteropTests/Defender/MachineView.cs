using System.Net;
using System.Text.Json.Nodes;
using IotOps.Defender;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Defender;

/// <summary>What someone says the machine has, in words that can be compared.</summary>
internal sealed record MachineView(SortedSet<string> Connections, SortedSet<string> TcpPorts, SortedSet<string> UdpPorts)
{
    public static MachineView Of(MetricsCollector collector)
    {
        var builder = new DefenderReportBuilder();
        collector.Collect(builder);
        DefenderReport report = builder.Build(1);
        return new MachineView(
            Set(report.TcpConnections!.Items.Select(static c => $"{c.RemoteAddress} {c.RemotePort} {c.LocalPort} {c.LocalInterface}")),
            Set(report.ListeningTcpPorts!.Items.Select(static p => $"{p.Port} {p.Interface}")),
            Set(report.ListeningUdpPorts!.Items.Select(static p => $"{p.Port} {p.Interface}")));
    }

    public static MachineView OfPsutil(JsonNode report)
    {
        var interfaces = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonNode? pair in report["addresses"]!.AsArray())
        {
            interfaces[Plain(pair![0]!.GetValue<string>())] = pair[1]!.GetValue<string>();
        }

        string Interface(JsonNode address)
        {
            string text = Plain(address.GetValue<string>());
            return text is "0.0.0.0" or "::" ? text : interfaces.GetValueOrDefault(text, text.StartsWith("127.", StringComparison.Ordinal) ? "lo" : "");
        }

        return new MachineView(
            Set(report["established"]!.AsArray().Select(c => $"{Plain(c![0]!.GetValue<string>())} {c[1]} {c[3]} {Interface(c[2]!)}")),
            Set(report["tcp"]!.AsArray().Select(p => $"{p![1]} {Interface(p[0]!)}")),
            Set(report["udp"]!.AsArray().Select(p => $"{p![1]} {Interface(p[0]!)}")));
    }

    /// <summary>What ss says, which asks the kernel by netlink and not by /proc; without interfaces, which it does not know.</summary>
    public static async Task<MachineView> OfSsAsync(string ss) => new(
        Set((await LinesAsync(ss, "-Htn", "state", "established")).Select(static c => $"{Address(c[3])} {Port(c[3])} {Port(c[2])}")),
        Set((await LinesAsync(ss, "-Htln")).Select(static c => Port(c[3]))),
        Set((await LinesAsync(ss, "-Huln")).Select(static c => Port(c[3]))));

    /// <summary>The same in ss's words.</summary>
    public MachineView WithoutInterfaces() => new(Set(Connections.Select(WithoutLast)), Set(TcpPorts.Select(WithoutLast)), Set(UdpPorts.Select(WithoutLast)));

    public MachineView Common(MachineView other) => new(
        Set(Connections.Intersect(other.Connections, StringComparer.Ordinal)),
        Set(TcpPorts.Intersect(other.TcpPorts, StringComparer.Ordinal)),
        Set(UdpPorts.Intersect(other.UdpPorts, StringComparer.Ordinal)));

    public MachineView With(MachineView other) => new(
        Set(Connections.Union(other.Connections, StringComparer.Ordinal)),
        Set(TcpPorts.Union(other.TcpPorts, StringComparer.Ordinal)),
        Set(UdpPorts.Union(other.UdpPorts, StringComparer.Ordinal)));

    private static SortedSet<string> Set(IEnumerable<string> lines) => new(lines, StringComparer.Ordinal);

    private static string WithoutLast(string line) => line[..line.LastIndexOf(' ')];

    private static string Plain(string address) => InternetAddress.From(IPAddress.Parse(address)).ToString();

    private static string Port(string end) => end[(end.LastIndexOf(':') + 1)..];

    private static string Address(string end) => Plain(end[..end.LastIndexOf(':')].Split('%')[0].Trim('[', ']'));

    private static async Task<IEnumerable<string[]>> LinesAsync(string ss, params string[] arguments) =>
        (await PeerCommand.RunAsync(ss, arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
