using IotOps.Archive.Records;

namespace IotOps.Archive.Exporting;

/// <summary>What went into one file of the zip.</summary>
internal sealed class EntryCounts
{
    /// <summary>Objects named in the manifest at most; all of them are counted.</summary>
    public const int MostSkippedNamed = 1_000;

    public long Objects { get; set; }

    public long SourceBytes { get; set; }

    public long Records { get; set; }

    public long OtherRecords { get; set; }

    public long UnreadableRecords { get; set; }

    public long SkippedObjects { get; set; }

    public List<SkippedLogObject> Skipped { get; init; } = [];

    public void Add(in RecordCounts counts)
    {
        Records += counts.Written;
        OtherRecords += counts.Unwanted;
        UnreadableRecords += counts.Unreadable;
    }

    public void Skip(string key, string reason)
    {
        SkippedObjects++;
        if (Skipped.Count < MostSkippedNamed)
        {
            Skipped.Add(new SkippedLogObject(key, reason));
        }
    }

    public EntryCounts Copy() => new()
    {
        Objects = Objects,
        SourceBytes = SourceBytes,
        Records = Records,
        OtherRecords = OtherRecords,
        UnreadableRecords = UnreadableRecords,
        SkippedObjects = SkippedObjects,
        Skipped = [.. Skipped],
    };

    public void Add(EntryCounts other)
    {
        Objects += other.Objects;
        SourceBytes += other.SourceBytes;
        Records += other.Records;
        OtherRecords += other.OtherRecords;
        UnreadableRecords += other.UnreadableRecords;
        SkippedObjects += other.SkippedObjects;
        Skipped.AddRange(other.Skipped.Take(MostSkippedNamed - Skipped.Count));
    }
}
