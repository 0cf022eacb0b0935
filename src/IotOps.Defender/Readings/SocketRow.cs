namespace IotOps.Defender.Readings;

/// <summary>A socket's two ends. IPv4 addresses are IPv4-mapped, so that both kinds sort together.</summary>
internal readonly struct SocketRow(UInt128 local, ushort localPort, UInt128 remote, ushort remotePort)
{
    public readonly UInt128 Local = local;
    public readonly UInt128 Remote = remote;
    public readonly ushort LocalPort = localPort;
    public readonly ushort RemotePort = remotePort;

    /// <summary>By local port, then address, then the peer's.</summary>
    public static int Compare(SocketRow left, SocketRow right)
    {
        int order = left.LocalPort.CompareTo(right.LocalPort);
        if (order == 0)
        {
            order = left.Local.CompareTo(right.Local);
        }

        if (order == 0)
        {
            order = left.Remote.CompareTo(right.Remote);
        }

        return order != 0 ? order : left.RemotePort.CompareTo(right.RemotePort);
    }
}
