namespace IotOps.Archive.Exporting;

/// <summary>What an export came to, counted and in words.</summary>
internal sealed class ExportSummary
{
    private readonly LogLayout _layout;

    public ExportSummary(ExportPlan plan, LogExporterOptions options, IReadOnlyList<EntryCounts> counts)
    {
        Plan = plan;
        Counts = counts;
        _layout = options.Layout;
        Bucket = options.Bucket;
        Files = [.. plan.Entries.Zip(counts).Where(file => file.First.UnreadableOf is null)];
        LeftOut = LeftOutWords.Of(SkippedObjects, Skipped, Unreadable);
        RestoreHint = RestoreWords.Of(Bucket, Own.Select(f => f.Counts));
    }

    public ExportPlan Plan { get; }

    /// <summary>Where the sources are.</summary>
    public string Bucket { get; }

    /// <summary>One for each of the plan's files.</summary>
    public IReadOnlyList<EntryCounts> Counts { get; }

    /// <summary>The files of records, without those of what could not be read.</summary>
    public IReadOnlyList<(PlannedEntry Entry, EntryCounts Counts)> Files { get; }

    public long Objects => Own.Sum(f => f.Counts.Objects);

    public long SourceBytes => Own.Sum(f => f.Counts.SourceBytes);

    public long Records => Files.Sum(f => f.Counts.Records);

    public long SkippedObjects => Own.Sum(f => f.Counts.SkippedObjects);

    public IReadOnlyList<SkippedLogObject> Skipped => [.. Own.SelectMany(f => f.Counts.Skipped).Take(EntryCounts.MostSkippedNamed)];

    public IReadOnlyList<UnreadableLogRecords> Unreadable =>
    [
        .. Files.SelectMany(f => UnreadableOf(f.Entry, f.Counts))
            .GroupBy(u => u.Reason, StringComparer.Ordinal)
            .Select(same => new UnreadableLogRecords(same.Key, same.Sum(u => u.Records), same.Sum(u => u.Bytes))),
    ];

    // Objects that are read for several devices count once.
    private IEnumerable<(PlannedEntry Entry, EntryCounts Counts)> Own => Files.Where(f => f.Entry.SameAs is null);

    /// <summary>What was left out, in a sentence; null for nothing.</summary>
    public string? LeftOut { get; }

    /// <inheritdoc cref="LogExportResult.RestoreHint"/>
    public string? RestoreHint { get; }

    /// <summary>What could not be read for a file, by the reason.</summary>
    public IEnumerable<UnreadableLogRecords> UnreadableOf(PlannedEntry entry, EntryCounts counts)
    {
        LogCategory category = _layout.Prefix(entry.Category).Category;

        // What does not say whose it is was counted with the first device; a record without a time is its own device's.
        var without = new UnreadableLogRecords($"without a time in '{category.Time}'", counts.NoTime.Records, counts.NoTime.Bytes);
        UnreadableLogRecords[] reasons = entry.SameAs is not null ? [without] :
        [
            new("no JSON", counts.NoJson.Records, counts.NoJson.Bytes),
            new("longer than 16 MiB", counts.TooLong.Records, counts.TooLong.Bytes),
            new($"without '{category.Identifier}'", counts.NoIdentifier.Records, counts.NoIdentifier.Bytes),
            without,
        ];
        return reasons.Where(reason => reason.Records > 0);
    }

    /// <summary>Nothing was found.</summary>
    public ExportOutcome Empty()
    {
        string looked = Objects == 0 && SkippedObjects > 0 ? "nothing in its folders could be read"
            : Objects == 0 ? "no object lies in its folders"
            : $"{Words.Count(Objects, "object was", "objects were")} read, none of their records is {Whose()} of that time";
        string first = Skipped.Count == 0 ? "" : $" The first object left out is {Skipped[0].Key}: {Skipped[0].Reason.TrimEnd('.')}.";
        return Outcome($"There are no {Categories()} logs of {Who()} {When()}: {looked}.{(LeftOut is null ? "" : $" {LeftOut}")}{first}");
    }

    /// <summary>The zip is there.</summary>
    /// <param name="bytes">Its length.</param>
    public ExportOutcome Done(long bytes)
    {
        string message = $"{Categories()} logs of {Who()} {When()}: {Words.Count(Records, "record", "records")} from {Words.Count(Objects, "object", "objects")}.";
        return Outcome(LeftOut is null ? message : $"{message} {LeftOut} See manifest.json.") with { Key = Plan.Key, Bytes = bytes };
    }

    private ExportOutcome Outcome(string message) => new()
    {
        Request = Plan.Request,
        Records = Records,
        Objects = Objects,
        SourceBytes = SourceBytes,
        LeftOut = LeftOut,
        RestoreHint = RestoreHint,
        SkippedObjects = SkippedObjects,
        Skipped = Skipped,
        Unreadable = Unreadable,
        Message = message,
    };

    private string Categories() => string.Join(", ", Plan.Categories);

    private string Who() => Plan.Identifier == LogLayout.AllDevices ? "all devices" : string.Join(", ", Plan.Identifiers);

    private string Whose() => Plan.Identifier == LogLayout.AllDevices ? "any device's" : Plan.Identifiers.Count > 1 ? "one of these devices'" : "this device's";

    private string When() => Plan.Days.Sentence;
}
