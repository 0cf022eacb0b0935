namespace IotOps.Defender.Wire;

/// <summary>The elements of a report that have a long and a short name.</summary>
internal enum Field
{
    Header,
    ReportId,
    Version,
    Metrics,
    CustomMetrics,
    NetworkStats,
    BytesIn,
    BytesOut,
    PacketsIn,
    PacketsOut,
    TcpConnections,
    EstablishedConnections,
    Connections,
    RemoteAddress,
    LocalInterface,
    LocalPort,
    ListeningTcpPorts,
    ListeningUdpPorts,
    Ports,
    Port,
    Interface,
    Total,
}
