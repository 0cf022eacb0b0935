namespace IotOps.Defender.Wire;

/// <summary>What a report keeps of its three lists.</summary>
internal readonly record struct ReportCut(ListCut Connections, ListCut TcpPorts, ListCut UdpPorts)
{
    public static ReportCut All => new(ListCut.All, ListCut.All, ListCut.All);

    public static ReportCut None => new(ListCut.None, ListCut.None, ListCut.None);
}
