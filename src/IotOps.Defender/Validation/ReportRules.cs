using System.Buffers;
using System.Text;
using IotOps.Defender.Content;

namespace IotOps.Defender.Validation;

/// <summary>What a report must hold to before it is sent: the service drops what does not, and mostly says nothing.</summary>
internal static class ReportRules
{
    public const int MaxInterfaceLength = 128;

    /// <summary>Checks a report.</summary>
    /// <returns>Bytes that it will not exceed, whatever the format and names.</returns>
    /// <exception cref="InvalidOperationException">It breaks a rule.</exception>
    public static long Check(scoped in ReportContent report)
    {
        if (report.ReportId <= 0)
        {
            throw Refused($"header.report_id is {report.ReportId}; it is a positive integer, larger in each report of a device.");
        }

        if (!IsMajorMinor(report.Version))
        {
            throw Refused($"header.version is '{report.Version}'; it is Major.Minor, such as 1.0.");
        }

        if (!report.HasMetrics && !report.HasCustomMetrics)
        {
            throw Refused("it has neither metrics nor custom_metrics; at least one of them is required.");
        }

        if (report.NetworkStats is { } network)
        {
            CheckDelta("bytes_in", network.BytesIn);
            CheckDelta("bytes_out", network.BytesOut);
            CheckDelta("packets_in", network.PacketsIn);
            CheckDelta("packets_out", network.PacketsOut);
        }

        long bound = 1024;
        bound += CheckConnections(report.TcpConnections);
        bound += CheckPorts("metrics.listening_tcp_ports.ports", report.ListeningTcpPorts);
        bound += CheckPorts("metrics.listening_udp_ports.ports", report.ListeningUdpPorts);
        return bound + CustomMetricsBound(report.CustomMetrics);
    }

    /// <summary>The rule that an interface's name breaks, or null.</summary>
    public static string? InterfaceError(string name)
    {
        if (name.Length is 0 or > MaxInterfaceLength)
        {
            return $"it has {name.Length} characters; the name of an interface has 1-{MaxInterfaceLength}, and one that is not known is left out";
        }

        ReadOnlySpan<char> rest = name;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return "it has a control character or half a character";
            }

            rest = rest[length..];
        }

        return null;
    }

    public static bool IsPort(long port) => port is >= 1 and <= 65_535;

    public static bool IsMajorMinor(string? version)
    {
        int dot = version?.IndexOf('.') ?? -1;
        return dot > 0 && version!.Length <= 16 && IsDigits(version.AsSpan(0, dot)) && IsDigits(version.AsSpan(dot + 1));
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static long CheckConnections(scoped in ListContent<EstablishedConnection> list)
    {
        const string Path = "metrics.tcp_connections.established_connections.connections";
        string? last = null;
        long bound = 0;
        for (int i = 0; i < list.Items.Length; i++)
        {
            ref readonly EstablishedConnection connection = ref list.Items[i];
            if (!IsPort(connection.RemotePort))
            {
                throw Refused($"{Path}[{i}].remote_addr has port {connection.RemotePort}; a port is 1-65535.");
            }

            if (connection.LocalPort is { } port && !IsPort(port))
            {
                throw Refused($"{Path}[{i}].local_port is {port}; a port is 1-65535.");
            }

            CheckInterface(Path, i, "local_interface", connection.LocalInterface, ref last);
            bound += (connection.RemoteAddress.IsIPv4 ? 80 : 112) + (3L * (connection.LocalInterface?.Length ?? 0));
        }

        return bound;
    }

    private static long CheckPorts(string path, scoped in ListContent<ListeningPort> list)
    {
        string? last = null;
        long bound = 0;
        for (int i = 0; i < list.Items.Length; i++)
        {
            ref readonly ListeningPort port = ref list.Items[i];
            if (!IsPort(port.Port))
            {
                throw Refused($"{path}[{i}].port is {port.Port}; a port is 1-65535.");
            }

            CheckInterface(path, i, "interface", port.Interface, ref last);
            bound += 36 + (3L * (port.Interface?.Length ?? 0));
        }

        return bound;
    }

    // Neighbours mostly share one string: it is looked at once.
    private static void CheckInterface(string path, int index, string field, string? name, ref string? last)
    {
        if (name is not null && !ReferenceEquals(name, last))
        {
            if (InterfaceError(name) is { } error)
            {
                throw Refused($"{path}[{index}].{field} cannot be sent: {error}.");
            }

            last = name;
        }
    }

    private static void CheckDelta(string field, long value)
    {
        if (value < 0)
        {
            throw Refused($"metrics.network_stats.{field} is {value}; it is what was added since the last accepted report, 0 or more.");
        }
    }

    private static long CustomMetricsBound(Dictionary<string, CustomMetricValue> metrics)
    {
        long bound = 0;
        foreach (KeyValuePair<string, CustomMetricValue> metric in metrics)
        {
            CustomMetricValue value = metric.Value;
            bound += metric.Key.Length + 64 + (24L * value.NumberSpan.Length) + ((InternetAddress.MaxLength + 4L) * value.AddressSpan.Length);
            foreach (string text in value.StringSpan)
            {
                bound += text.Length + 9;
            }
        }

        return bound;
    }

    private static InvalidOperationException Refused(string message) => new("The report cannot be sent: " + message);
}
