using System.Buffers.Binary;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Readings;

/// <summary>Turns readings into a report's blocks; a block that cannot be read stays absent.</summary>
internal sealed class NetworkCollector(INetworkReadings readings, ILogger logger)
{
    private readonly SocketRows _established = new();
    private readonly SocketRows _listening = new();
    private readonly InterfaceReadings _interfaces = new();
    private readonly LocalAddresses _addresses = new();
    private readonly ReadingFault _tcp = new("The list of TCP sockets", logger);
    private readonly ReadingFault _udp = new("The list of UDP sockets", logger);
    private readonly ReadingFault _traffic = new("The list of interfaces", logger);
    private readonly ReadingFault _names = new("The list of local addresses", logger);

    public void CollectSockets(DefenderReportBuilder report)
    {
        // The addresses come first: an address that vanishes meanwhile still has its name, and a new socket can only miss one.
        ReadAddresses();
        try
        {
            readings.ReadTcp(_established, _listening);
            _tcp.Succeeded();
            Report(_established, report.TcpConnections);
            Report(_listening, report.ListeningTcpPorts);
        }
        catch (Exception e) when (ReadingFault.Covers(e))
        {
            _tcp.Failed(e);
        }

        try
        {
            readings.ReadUdp(_listening);
            _udp.Succeeded();
            Report(_listening, report.ListeningUdpPorts);
        }
        catch (Exception e) when (ReadingFault.Covers(e))
        {
            _udp.Failed(e);
        }
    }

    /// <summary>The counters now, valid until the next call; null when they cannot be read.</summary>
    public InterfaceReadings? ReadInterfaces()
    {
        try
        {
            readings.ReadInterfaces(_interfaces);
            _traffic.Succeeded();
            return _interfaces;
        }
        catch (Exception e) when (ReadingFault.Covers(e))
        {
            _traffic.Failed(e);
            return null;
        }
    }

    private void ReadAddresses()
    {
        _addresses.Clear();
        try
        {
            readings.ReadAddresses(_addresses);
            _names.Succeeded();
        }
        catch (Exception e) when (ReadingFault.Covers(e))
        {
            _addresses.Clear();
            _names.Failed(e);
        }
    }

    private void Report(SocketRows rows, ReportList<EstablishedConnection> list)
    {
        rows.SortDistinct();
        list.Present();
        for (int i = 0; i < rows.Count; i++)
        {
            ref readonly SocketRow row = ref rows[i];
            list.Add(new EstablishedConnection(ToAddress(row.Remote), row.RemotePort, row.LocalPort, _addresses.NameOf(row.Local)));
        }
    }

    private void Report(SocketRows rows, ReportList<ListeningPort> list)
    {
        rows.SortDistinct();
        list.Present();
        for (int i = 0; i < rows.Count; i++)
        {
            var port = new ListeningPort(rows[i].LocalPort, _addresses.NameOf(rows[i].Local));
            if (!EndsWith(list, port))
            {
                list.Add(port);
            }
        }
    }

    // A port on two addresses of one interface is one port; the rows of a port stand together.
    private static bool EndsWith(ReportList<ListeningPort> list, in ListeningPort port)
    {
        for (int i = list.Count - 1; i >= 0 && list[i].Port == port.Port; i--)
        {
            if (list[i].Interface == port.Interface)
            {
                return true;
            }
        }

        return false;
    }

    private static InternetAddress ToAddress(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return InternetAddress.FromBytes(bytes);
    }
}
