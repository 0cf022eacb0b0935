using System.Buffers;
using IotOps.Defender.Content;
using IotOps.Defender.Validation;

namespace IotOps.Defender.Wire;

/// <summary>The one way of a report into bytes: checked, cut where it is too long, written in the documented order.</summary>
internal static class ReportEncoder
{
    private const int MinBudget = 1024;

    /// <summary>Checks and writes a report.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="InvalidOperationException">The report breaks a rule, or cannot be made short enough; nothing was written.</exception>
    public static int Write(scoped in ReportContent report, IBufferWriter<byte> target, DefenderFormat format, DefenderNames names, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, MinBudget);
        long bound = ReportRules.Check(report);
        ReportCut cut = bound <= maxBytes || Measure(report, format, names, ReportCut.All) <= maxBytes
            ? ReportCut.All
            : ReportBudget.Fit(report, format, names, maxBytes);
        var writer = new DocumentWriter(target, format);
        WriteReport(ref writer, report, names, cut);
        writer.Complete();
        return writer.Length;
    }

    /// <summary>How many bytes a report has with this cut.</summary>
    public static int Measure(scoped in ReportContent report, DefenderFormat format, DefenderNames names, ReportCut cut)
    {
        var writer = new DocumentWriter(stackalloc byte[DocumentWriter.ScratchBytes], format);
        WriteReport(ref writer, report, names, cut);
        return writer.Length;
    }

    /// <summary>How many bytes each connection has, its comma included.</summary>
    public static void MeasureConnections(ReadOnlySpan<EstablishedConnection> connections, DefenderFormat format, DefenderNames names, Span<int> bytes)
    {
        var writer = new DocumentWriter(stackalloc byte[DocumentWriter.ScratchBytes], format);
        int before = 0;
        for (int i = 0; i < connections.Length; i++)
        {
            WriteConnection(ref writer, connections[i], names);
            bytes[i] = writer.Length - before;
            before = writer.Length;
        }
    }

    /// <summary>How many bytes each port has, its comma included.</summary>
    public static void MeasurePorts(ReadOnlySpan<ListeningPort> ports, DefenderFormat format, DefenderNames names, Span<int> bytes)
    {
        var writer = new DocumentWriter(stackalloc byte[DocumentWriter.ScratchBytes], format);
        int before = 0;
        for (int i = 0; i < ports.Length; i++)
        {
            WritePort(ref writer, ports[i], names);
            bytes[i] = writer.Length - before;
            before = writer.Length;
        }
    }

    private static void WriteReport(scoped ref DocumentWriter writer, scoped in ReportContent report, DefenderNames names, ReportCut cut)
    {
        writer.BeginMap(1 + (report.HasMetrics ? 1 : 0) + (report.HasCustomMetrics ? 1 : 0));
        writer.Name(FieldNames.Of(Field.Header, names));
        writer.BeginMap(2);
        writer.Name(FieldNames.Of(Field.ReportId, names));
        writer.Integer(report.ReportId);
        writer.Name(FieldNames.Of(Field.Version, names));
        writer.Text(report.Version);
        writer.EndMap();
        if (report.HasMetrics)
        {
            writer.Name(FieldNames.Of(Field.Metrics, names));
            WriteMetrics(ref writer, report, names, cut);
        }

        if (report.HasCustomMetrics)
        {
            writer.Name(FieldNames.Of(Field.CustomMetrics, names));
            writer.BeginMap(report.CustomMetrics.Count);
            foreach (KeyValuePair<string, CustomMetricValue> metric in report.CustomMetrics)
            {
                writer.Name(metric.Key);
                WriteCustomMetric(ref writer, metric.Value);
            }

            writer.EndMap();
        }

        writer.EndMap();
    }

    private static void WriteMetrics(scoped ref DocumentWriter writer, scoped in ReportContent report, DefenderNames names, ReportCut cut)
    {
        writer.BeginMap(report.Blocks);
        if (report.NetworkStats is { } network)
        {
            writer.Name(FieldNames.Of(Field.NetworkStats, names));
            writer.BeginMap(4);
            writer.Name(FieldNames.Of(Field.BytesIn, names));
            writer.Integer(network.BytesIn);
            writer.Name(FieldNames.Of(Field.BytesOut, names));
            writer.Integer(network.BytesOut);
            writer.Name(FieldNames.Of(Field.PacketsIn, names));
            writer.Integer(network.PacketsIn);
            writer.Name(FieldNames.Of(Field.PacketsOut, names));
            writer.Integer(network.PacketsOut);
            writer.EndMap();
        }

        if (report.TcpConnections.IsPresent)
        {
            writer.Name(FieldNames.Of(Field.TcpConnections, names));
            writer.BeginMap(1);
            writer.Name(FieldNames.Of(Field.EstablishedConnections, names));
            WriteConnections(ref writer, report.TcpConnections, names, cut.Connections);
            writer.EndMap();
        }

        WritePorts(ref writer, Field.ListeningTcpPorts, report.ListeningTcpPorts, names, cut.TcpPorts);
        WritePorts(ref writer, Field.ListeningUdpPorts, report.ListeningUdpPorts, names, cut.UdpPorts);
        writer.EndMap();
    }

    private static void WriteConnections(
        scoped ref DocumentWriter writer, scoped in ListContent<EstablishedConnection> list, DefenderNames names, ListCut cut)
    {
        writer.BeginMap(2);
        writer.Name(FieldNames.Of(Field.Connections, names));
        writer.BeginList(cut.Count(list.Items.Length));
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (cut.Keeps(i))
            {
                WriteConnection(ref writer, list.Items[i], names);
            }
        }

        writer.EndList();
        writer.Name(FieldNames.Of(Field.Total, names));
        writer.Integer(list.Total);
        writer.EndMap();
    }

    private static void WriteConnection(scoped ref DocumentWriter writer, in EstablishedConnection connection, DefenderNames names)
    {
        writer.BeginMap(1 + (connection.LocalInterface is null ? 0 : 1) + (connection.LocalPort is null ? 0 : 1));
        writer.Name(FieldNames.Of(Field.RemoteAddress, names));
        writer.Address(connection.RemoteAddress, connection.RemotePort);
        if (connection.LocalInterface is { } name)
        {
            writer.Name(FieldNames.Of(Field.LocalInterface, names));
            writer.Text(name);
        }

        if (connection.LocalPort is { } port)
        {
            writer.Name(FieldNames.Of(Field.LocalPort, names));
            writer.Integer(port);
        }

        writer.EndMap();
    }

    private static void WritePorts(
        scoped ref DocumentWriter writer, Field block, scoped in ListContent<ListeningPort> list, DefenderNames names, ListCut cut)
    {
        if (!list.IsPresent)
        {
            return;
        }

        writer.Name(FieldNames.Of(block, names));
        writer.BeginMap(2);
        writer.Name(FieldNames.Of(Field.Ports, names));
        writer.BeginList(cut.Count(list.Items.Length));
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (cut.Keeps(i))
            {
                WritePort(ref writer, list.Items[i], names);
            }
        }

        writer.EndList();
        writer.Name(FieldNames.Of(Field.Total, names));
        writer.Integer(list.Total);
        writer.EndMap();
    }

    private static void WritePort(scoped ref DocumentWriter writer, in ListeningPort port, DefenderNames names)
    {
        writer.BeginMap(port.Interface is null ? 1 : 2);
        writer.Name(FieldNames.Of(Field.Port, names));
        writer.Integer(port.Port);
        if (port.Interface is { } name)
        {
            writer.Name(FieldNames.Of(Field.Interface, names));
            writer.Text(name);
        }

        writer.EndMap();
    }

    private static void WriteCustomMetric(scoped ref DocumentWriter writer, CustomMetricValue value)
    {
        writer.BeginList(1);
        writer.BeginMap(1);
        writer.Name(FieldNames.Of(value.Type));
        switch (value.Type)
        {
            case CustomMetricType.Number:
                writer.Number(value.Single);
                break;
            case CustomMetricType.NumberList:
                writer.BeginList(value.NumberSpan.Length);
                foreach (double number in value.NumberSpan)
                {
                    writer.Number(number);
                }

                writer.EndList();
                break;
            case CustomMetricType.StringList:
                writer.BeginList(value.StringSpan.Length);
                foreach (string text in value.StringSpan)
                {
                    writer.Text(text);
                }

                writer.EndList();
                break;
            default:
                writer.BeginList(value.AddressSpan.Length);
                foreach (ref readonly InternetAddress address in value.AddressSpan)
                {
                    writer.Address(address);
                }

                writer.EndList();
                break;
        }

        writer.EndMap();
        writer.EndList();
    }
}
