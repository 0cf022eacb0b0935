using System.Net;
using System.Net.NetworkInformation;
using IotOps.Defender.Readings;

namespace IotOps.Defender.Portable;

/// <summary>The network as .NET tells it, where there is no <c>/proc</c>.</summary>
internal sealed class PortableNetwork(InterfaceFilter filter) : INetworkReadings
{
    public void ReadTcp(SocketRows established, SocketRows listening)
    {
        established.Clear();
        listening.Clear();
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        foreach (TcpConnectionInformation connection in properties.GetActiveTcpConnections())
        {
            if (connection is { State: TcpState.Established, LocalEndPoint.Port: not 0, RemoteEndPoint.Port: not 0 })
            {
                established.Add(Row(connection.LocalEndPoint, connection.RemoteEndPoint));
            }
        }

        AddAll(properties.GetActiveTcpListeners(), listening);
    }

    public void ReadUdp(SocketRows listening)
    {
        listening.Clear();
        AddAll(IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners(), listening);
    }

    public void ReadInterfaces(InterfaceReadings interfaces)
    {
        interfaces.Clear();
        foreach (NetworkInterface each in NetworkInterface.GetAllNetworkInterfaces())
        {
            // The loopback has other names elsewhere.
            if (each.NetworkInterfaceType != NetworkInterfaceType.Loopback && filter.Counts(each.Name))
            {
                IPInterfaceStatistics statistics = each.GetIPStatistics();
                interfaces.Add(new InterfaceCounters(
                    each.Name,
                    (ulong)statistics.BytesReceived,
                    (ulong)(statistics.UnicastPacketsReceived + statistics.NonUnicastPacketsReceived),
                    (ulong)statistics.BytesSent,
                    (ulong)(statistics.UnicastPacketsSent + (OperatingSystem.IsLinux() ? 0 : statistics.NonUnicastPacketsSent))));
            }
        }
    }

    public void ReadAddresses(LocalAddresses addresses)
    {
        foreach (NetworkInterface each in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation address in each.GetIPProperties().UnicastAddresses)
            {
                addresses.Add(LocalAddresses.From(address.Address), each.Name);
            }
        }
    }

    private static void AddAll(IPEndPoint[] endPoints, SocketRows listening)
    {
        foreach (IPEndPoint endPoint in endPoints)
        {
            if (endPoint.Port != 0)
            {
                listening.Add(Row(endPoint, remote: null));
            }
        }
    }

    private static SocketRow Row(IPEndPoint local, IPEndPoint? remote) => new(
        LocalAddresses.From(local.Address),
        (ushort)local.Port,
        remote is null ? UInt128.Zero : LocalAddresses.From(remote.Address),
        (ushort)(remote?.Port ?? 0));
}
