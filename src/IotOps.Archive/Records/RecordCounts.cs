namespace IotOps.Archive.Records;

/// <summary>How many records went which way.</summary>
internal struct RecordCounts
{
    /// <summary>Written to the zip.</summary>
    public long Written;

    /// <summary>Left out: another device's, or another day's.</summary>
    public long Unwanted;

    /// <summary>Left out: no JSON object, or without a property that decides.</summary>
    public long Unreadable;

    public void Add(in RecordCounts other)
    {
        Written += other.Written;
        Unwanted += other.Unwanted;
        Unreadable += other.Unreadable;
    }
}
