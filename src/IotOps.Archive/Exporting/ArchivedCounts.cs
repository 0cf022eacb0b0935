namespace IotOps.Archive.Exporting;

/// <summary>Objects that were left out because they have to be restored first.</summary>
internal readonly record struct ArchivedCounts(long Objects, long Bytes, string? FirstKey)
{
    public ArchivedCounts Plus(ArchivedCounts other) => new(Objects + other.Objects, Bytes + other.Bytes, FirstKey ?? other.FirstKey);
}
