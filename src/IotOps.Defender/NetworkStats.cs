namespace IotOps.Defender;

/// <summary>What the network interfaces carried since the last accepted report: differences, never the counters themselves.</summary>
/// <param name="BytesIn">Bytes received, 0 or more.</param>
/// <param name="BytesOut">Bytes sent, 0 or more.</param>
/// <param name="PacketsIn">Packets received, 0 or more.</param>
/// <param name="PacketsOut">Packets sent, 0 or more.</param>
public readonly record struct NetworkStats(long BytesIn, long BytesOut, long PacketsIn, long PacketsOut);
