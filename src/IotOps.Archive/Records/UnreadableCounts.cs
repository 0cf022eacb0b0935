namespace IotOps.Archive.Records;

/// <summary>Records that could not be read for one reason.</summary>
internal readonly record struct UnreadableCounts(long Records, long Bytes)
{
    public UnreadableCounts Plus(UnreadableCounts other) => new(Records + other.Records, Bytes + other.Bytes);
}
