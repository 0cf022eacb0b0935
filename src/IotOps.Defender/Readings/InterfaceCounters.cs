namespace IotOps.Defender.Readings;

/// <summary>An interface's counters as the system has them, from its beginning or from wherever its driver began.</summary>
internal readonly struct InterfaceCounters(string name, ulong bytesIn, ulong packetsIn, ulong bytesOut, ulong packetsOut)
{
    public readonly string Name = name;
    public readonly ulong BytesIn = bytesIn;
    public readonly ulong PacketsIn = packetsIn;
    public readonly ulong BytesOut = bytesOut;
    public readonly ulong PacketsOut = packetsOut;

    /// <summary>The system's number of the interface, which no other one and no later one of this name has; 0 when it is not known.</summary>
    public int Index { get; init; }

    /// <summary>True when its traffic crosses another interface that counts, so that it would count twice.</summary>
    public bool IsCovered { get; init; }
}
