using System.Buffers;
using IotOps.Defender.Content;

namespace IotOps.Defender.Wire;

/// <summary>
/// Finds what of a report's lists fits. Each item is measured once; what fits is then found by adding, not by encoding again. A list that
/// takes less than its even share of the bytes stays whole, so that a thousand connections do not push ten listening ports out.
/// </summary>
internal static class ReportBudget
{
    private const int Lists = 3;

    // A list of none has a shorter CBOR head than a list of 65,536.
    private const int LongerHeads = Lists * 4;

    /// <summary>The cut that fits.</summary>
    /// <exception cref="InvalidOperationException">What cannot be cut, the custom metrics above all, is too long already.</exception>
    public static ReportCut Fit(scoped in ReportContent report, DefenderFormat format, DefenderNames names, int maxBytes)
    {
        int frame = ReportEncoder.Measure(report, format, names, ReportCut.None) + LongerHeads;
        if (frame > maxBytes)
        {
            throw new InvalidOperationException(
                $"The report cannot be sent: without any connection or port it still has {frame} bytes, and {maxBytes} are allowed; report fewer or shorter custom metrics.");
        }

        int connections = report.TcpConnections.Items.Length;
        int tcpPorts = report.ListeningTcpPorts.Items.Length;
        int udpPorts = report.ListeningUdpPorts.Items.Length;
        int[] rented = ArrayPool<int>.Shared.Rent(connections + tcpPorts + udpPorts);
        try
        {
            Span<int> connectionBytes = rented.AsSpan(0, connections);
            Span<int> tcpBytes = rented.AsSpan(connections, tcpPorts);
            Span<int> udpBytes = rented.AsSpan(connections + tcpPorts, udpPorts);
            ReportEncoder.MeasureConnections(report.TcpConnections.Items, format, names, connectionBytes);
            ReportEncoder.MeasurePorts(report.ListeningTcpPorts.Items, format, names, tcpBytes);
            ReportEncoder.MeasurePorts(report.ListeningUdpPorts.Items, format, names, udpBytes);

            Span<long> whole = [ListCut.All.Bytes(connectionBytes), ListCut.All.Bytes(tcpBytes), ListCut.All.Bytes(udpBytes)];
            Span<long> shares = stackalloc long[Lists];
            Share(whole, shares, maxBytes - frame);
            return new ReportCut(Cut(connectionBytes, whole[0], shares[0]), Cut(tcpBytes, whole[1], shares[1]), Cut(udpBytes, whole[2], shares[2]));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    // From the smallest to the largest: what a list leaves of its share is the others'.
    private static void Share(ReadOnlySpan<long> whole, Span<long> shares, long bytes)
    {
        Span<bool> served = stackalloc bool[Lists];
        for (int left = Lists; left > 0; left--)
        {
            int smallest = -1;
            for (int i = 0; i < Lists; i++)
            {
                if (!served[i] && (smallest < 0 || whole[i] < whole[smallest]))
                {
                    smallest = i;
                }
            }

            served[smallest] = true;
            shares[smallest] = Math.Min(whole[smallest], bytes / left);
            bytes -= shares[smallest];
        }
    }

    private static ListCut Cut(ReadOnlySpan<int> itemBytes, long whole, long share) => whole <= share ? ListCut.All : ListCut.Largest(itemBytes, share);
}
