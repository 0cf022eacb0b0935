using System.Text.Json.Serialization;
using IotOps.Archive.Records;

namespace IotOps.Archive.Exporting;

/// <summary>What went into one file of the zip.</summary>
internal sealed record EntryCounts
{
    /// <summary>Objects named in the manifest at most; all of them are counted.</summary>
    public const int MostSkippedNamed = 1_000;

    public long Objects { get; set; }

    public long SourceBytes { get; set; }

    public long Records { get; set; }

    public long OtherRecords { get; set; }

    public UnreadableCounts NoJson { get; set; }

    public UnreadableCounts TooLong { get; set; }

    public UnreadableCounts NoIdentifier { get; set; }

    public UnreadableCounts NoTime { get; set; }

    /// <summary>Index of the first object that had a record which could not be read, behind that of the last one: there is none while it is not less.</summary>
    public int FirstUnreadable { get; set; } = int.MaxValue;

    /// <inheritdoc cref="FirstUnreadable"/>
    public int UnreadableEnd { get; set; }

    /// <summary>Objects in S3 Glacier Flexible Retrieval.</summary>
    public ArchivedCounts Glacier { get; set; }

    /// <summary>Objects in S3 Glacier Deep Archive.</summary>
    public ArchivedCounts DeepArchive { get; set; }

    /// <summary>Objects in an archive tier of S3 Intelligent-Tiering.</summary>
    public ArchivedCounts ArchiveTier { get; set; }

    public long SkippedObjects { get; set; }

    public IReadOnlyList<SkippedLogObject> Skipped { get; set; } = [];

    [JsonIgnore]
    public long UnreadableRecords => NoJson.Records + TooLong.Records + NoIdentifier.Records + NoTime.Records;

    public void Add(in RecordCounts counts)
    {
        Records += counts.Written;
        OtherRecords += counts.Unwanted;
        NoJson = NoJson.Plus(counts.NoJson);
        TooLong = TooLong.Plus(counts.TooLong);
        NoIdentifier = NoIdentifier.Plus(counts.NoIdentifier);
        NoTime = NoTime.Plus(counts.NoTime);
    }

    /// <summary>Notes that an object had records which could not be read.</summary>
    public void NoteUnreadable(int index)
    {
        FirstUnreadable = Math.Min(FirstUnreadable, index);
        UnreadableEnd = Math.Max(UnreadableEnd, index + 1);
    }

    /// <summary>Notes an object that has to be restored.</summary>
    public void NoteArchived(PlannedObject archived)
    {
        var one = new ArchivedCounts(1, archived.Size, archived.Key);
        switch (archived.Archive)
        {
            case "DEEP_ARCHIVE":
                DeepArchive = DeepArchive.Plus(one);
                break;
            case "INTELLIGENT_TIERING":
                ArchiveTier = ArchiveTier.Plus(one);
                break;
            default:
                Glacier = Glacier.Plus(one);
                break;
        }
    }

    public void Skip(string key, string reason)
    {
        SkippedObjects++;
        if (Skipped.Count < MostSkippedNamed)
        {
            Skipped = [.. Skipped, new SkippedLogObject(key, reason)];
        }
    }

    /// <summary>As it is now: what is added later leaves the copy alone.</summary>
    public EntryCounts Copy() => this with { };

    public void Add(EntryCounts other)
    {
        Objects += other.Objects;
        SourceBytes += other.SourceBytes;
        Records += other.Records;
        OtherRecords += other.OtherRecords;
        NoJson = NoJson.Plus(other.NoJson);
        TooLong = TooLong.Plus(other.TooLong);
        NoIdentifier = NoIdentifier.Plus(other.NoIdentifier);
        NoTime = NoTime.Plus(other.NoTime);
        FirstUnreadable = Math.Min(FirstUnreadable, other.FirstUnreadable);
        UnreadableEnd = Math.Max(UnreadableEnd, other.UnreadableEnd);
        Glacier = Glacier.Plus(other.Glacier);
        DeepArchive = DeepArchive.Plus(other.DeepArchive);
        ArchiveTier = ArchiveTier.Plus(other.ArchiveTier);
        SkippedObjects += other.SkippedObjects;
        Skipped = [.. Skipped.Concat(other.Skipped).Take(MostSkippedNamed)];
    }
}
