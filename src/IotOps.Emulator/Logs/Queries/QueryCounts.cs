namespace IotOps.Emulator.Logs.Queries;

/// <summary>What a query counts while it runs.</summary>
internal sealed class QueryCounts
{
    /// <summary>Events that the last filter let through; null without one.</summary>
    public long? Matched { get; set; }

    public long Scanned { get; set; }

    public long Bytes { get; set; }
}
