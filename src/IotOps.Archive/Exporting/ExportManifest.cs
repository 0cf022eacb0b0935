using System.Globalization;
using System.Text.Json;

namespace IotOps.Archive.Exporting;

/// <summary>The file <c>manifest.json</c> in a zip: what went into it, what did not, and why.</summary>
internal static class ExportManifest
{
    public const string Name = "manifest.json";

    public static byte[] Write(ExportSummary summary)
    {
        ExportPlan plan = summary.Plan;
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, 1);
            json.WriteString("identifier"u8, plan.Identifier);
            WriteOthers(json, plan);
            json.WriteString("from"u8, Moment(plan.Days.WindowOf(plan.From).From));
            json.WriteString("to"u8, Moment(plan.Days.WindowOf(plan.To).To));
            WriteHours(json, plan);
            json.WriteString("createdAt"u8, plan.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("bucket"u8, summary.Bucket);
            json.WriteNumber("objects"u8, summary.Objects);
            json.WriteNumber("sourceBytes"u8, summary.SourceBytes);
            json.WriteNumber("records"u8, summary.Records);
            json.WriteNumber("objectsSkipped"u8, summary.SkippedObjects);
            json.WriteNumber("recordsUnreadable"u8, summary.Unreadable.Sum(u => u.Records));
            if (summary.RestoreHint is { } restore)
            {
                json.WriteString("restore"u8, restore);
            }

            json.WriteStartArray("files"u8);
            for (int i = 0; i < plan.Entries.Count; i++)
            {
                if (plan.Entries[i].UnreadableOf is null)
                {
                    WriteFile(json, summary, plan.Entries[i], summary.Counts[i]);
                }
                else if (summary.Counts[i].Records > 0)
                {
                    WriteUnreadable(json, plan, plan.Entries[i], summary.Counts[i]);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteFile(Utf8JsonWriter json, ExportSummary summary, PlannedEntry entry, EntryCounts counts)
    {
        json.WriteStartObject();
        WriteName(json, entry);
        json.WriteNumber("objects"u8, counts.Objects);
        json.WriteNumber("sourceBytes"u8, counts.SourceBytes);
        json.WriteNumber("records"u8, counts.Records);
        json.WriteNumber("recordsOfOthers"u8, counts.OtherRecords);
        json.WriteNumber("recordsUnreadable"u8, counts.UnreadableRecords);
        json.WriteStartArray("unreadable"u8);
        foreach (UnreadableLogRecords unreadable in summary.UnreadableOf(entry, counts))
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, unreadable.Reason);
            json.WriteNumber("records"u8, unreadable.Records);
            json.WriteNumber("bytes"u8, unreadable.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("objectsSkipped"u8, counts.SkippedObjects);
        json.WriteStartArray("skipped"u8);
        foreach (SkippedLogObject skipped in counts.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, skipped.Key);
            json.WriteString("reason"u8, skipped.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteUnreadable(Utf8JsonWriter json, ExportPlan plan, PlannedEntry entry, EntryCounts counts)
    {
        json.WriteStartObject();
        WriteName(json, entry);
        json.WriteString("unreadableOf"u8, plan.Entries[entry.UnreadableOf!.Value].Name);
        json.WriteNumber("records"u8, counts.Records);
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, PlannedEntry entry)
    {
        json.WriteString("name"u8, entry.Name);
        json.WriteString("category"u8, entry.Category);
        json.WriteString("identifier"u8, entry.Identifier);
        json.WriteString("date"u8, entry.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static void WriteOthers(Utf8JsonWriter json, ExportPlan plan)
    {
        if (plan.Identifiers.Count > 1)
        {
            json.WriteStartArray("otherIdentifiers"u8);
            foreach (string other in plan.Identifiers.Skip(1))
            {
                json.WriteStringValue(other);
            }

            json.WriteEndArray();
        }

        if (plan.Contains is { } contains)
        {
            json.WriteString("contains"u8, contains);
        }

        if (plan.Matches is { } matches)
        {
            json.WriteString("matches"u8, matches);
        }
    }

    private static void WriteHours(Utf8JsonWriter json, ExportPlan plan)
    {
        if (plan.TimeZone is { } zone)
        {
            json.WriteString("timeZone"u8, zone);
        }

        if (plan.FromTime is not null || plan.UntilTime is not null)
        {
            json.WriteString("fromTime"u8, Clock(plan.FromTime ?? TimeOnly.MinValue));
            json.WriteString("untilTime"u8, plan.UntilTime is { } until ? Clock(until) : "24:00:00");
        }
    }

    private static string Moment(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Clock(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
