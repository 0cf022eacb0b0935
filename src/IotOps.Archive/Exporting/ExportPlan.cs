using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace IotOps.Archive.Exporting;

/// <summary>What an export reads, in order: made once by listing, and the same for whoever goes on with it.</summary>
internal sealed record ExportPlan
{
    private static readonly string[] Plain = [".log", ".json", ".jsonl", ".ndjson", ".txt", ".csv"];
    private static readonly string[] Compressed = [".gz", ".gzip", ".zst", ".zstd", ".snappy", ".zip"];

    public required string Identifier { get; init; }

    public required IReadOnlyList<string> Categories { get; init; }

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Key of the zip.</summary>
    public required string Key { get; init; }

    public required IReadOnlyList<PlannedEntry> Entries { get; init; }

    /// <inheritdoc cref="LogExportRequest.TimeZone"/>
    public string? TimeZone { get; init; }

    /// <inheritdoc cref="LogExportRequest.FromTime"/>
    public TimeOnly? FromTime { get; init; }

    /// <inheritdoc cref="LogExportRequest.UntilTime"/>
    public TimeOnly? UntilTime { get; init; }

    /// <inheritdoc cref="LogExportRequest.Contains"/>
    public string? Contains { get; init; }

    /// <inheritdoc cref="LogExportRequest.Matches"/>
    public string? Matches { get; init; }

    /// <inheritdoc cref="LogExportRequest.OtherIdentifiers"/>
    public IReadOnlyList<string> OtherIdentifiers { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> Identifiers => [Identifier, .. OtherIdentifiers ?? []];

    [JsonIgnore]
    public ExportDays Days => new(From, To, TimeZone, FromTime, UntilTime);

    /// <summary>What could not be read goes in, too.</summary>
    public bool KeepUnreadable { get; init; }

    /// <summary>What was asked for, in words: an id names one request and no other.</summary>
    [JsonIgnore]
    public string Request => ExportScope.Describe(Categories, Identifiers, Days, Contains, Matches, KeepUnreadable);

    [JsonIgnore]
    public long Objects => Entries.Where(e => e.UnreadableOf is null).Sum(e => (long)ObjectsOf(e).Count);

    [JsonIgnore]
    public long Bytes => Entries.Where(e => e.UnreadableOf is null).Sum(e => ObjectsOf(e).Sum(o => o.Size));

    /// <summary>True once a file turned out longer than expected: none is bound any more.</summary>
    public bool IsUnbound { get; init; }

    /// <summary>
    /// Plain bytes that a file is bound to, so that every reader of pipes takes it; null where it may need more. A file that needs more all the
    /// same is found out, and the zip begun anew.
    /// </summary>
    /// <param name="entry">The file.</param>
    /// <param name="bound">The most that it may be bound to.</param>
    public long? LargestOf(PlannedEntry entry, long bound) =>
        !IsUnbound && ObjectsOf(entry).Sum(o => (decimal)o.Size * Growth(o.Key)) < bound ? bound : null;

    /// <summary>What is read for a file.</summary>
    public IReadOnlyList<PlannedObject> ObjectsOf(PlannedEntry entry) => entry.SameAs is { } other ? Entries[other].Objects : entry.Objects;

    /// <summary>
    /// A key that no other export has: <c>slack/iot-logs/YYYYMMDDhhmmss-1a2b3c4d/20231001_THING00001.zip</c>. Two people may ask for a device's
    /// logs in the same second.
    /// </summary>
    public static string NewKey(string output, DateTimeOffset createdAt, DateOnly from, DateOnly to, IReadOnlyList<string> identifiers)
    {
        string days = from == to
            ? from.ToString("yyyyMMdd", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{from:yyyyMMdd}-{to:yyyyMMdd}");
        string others = identifiers.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_and_{identifiers.Count - 1}_more");
        string own = RandomNumberGenerator.GetHexString(8, lowercase: true);
        return string.Create(CultureInfo.InvariantCulture, $"{output}/{createdAt:yyyyMMddHHmmss}-{own}/{days}_{FileName(identifiers[0])}{others}.zip");
    }

    /// <summary>An identifier as a part of a file's name.</summary>
    public static string FileName(string identifier) => string.Concat(identifier.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' ? c : '_'));

    // Sources are listed as they lie in S3; logs become a tenth when they are compressed.
    private static int Growth(string key) =>
        Plain.Any(end => key.EndsWith(end, StringComparison.OrdinalIgnoreCase)) ? 1
        : Compressed.Any(end => key.EndsWith(end, StringComparison.OrdinalIgnoreCase)) ? 20
        : 8;
}
