namespace IotOps.Defender.Readings;

/// <summary>An interface's counters as the system has them, from its beginning or from wherever its driver began.</summary>
internal readonly struct InterfaceCounters(string name, ulong bytesIn, ulong packetsIn, ulong bytesOut, ulong packetsOut)
{
    public readonly string Name = name;
    public readonly ulong BytesIn = bytesIn;
    public readonly ulong PacketsIn = packetsIn;
    public readonly ulong BytesOut = bytesOut;
    public readonly ulong PacketsOut = packetsOut;
}
