using System.Globalization;
using System.Text.Json;

namespace IotOps.Archive.Exporting;

/// <summary>The file <c>manifest.json</c> in a zip: what went into it, what did not, and why.</summary>
internal static class ExportManifest
{
    public const string Name = "manifest.json";

    public static byte[] Write(ExportPlan plan, string bucket, IReadOnlyList<EntryCounts> counts)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, 1);
            json.WriteString("identifier"u8, plan.Identifier);
            json.WriteString("from"u8, Start(plan.From));
            json.WriteString("to"u8, plan.To == DateOnly.MaxValue ? "9999-12-31T23:59:59Z" : Start(plan.To.AddDays(1)));
            json.WriteString("createdAt"u8, plan.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("bucket"u8, bucket);
            json.WriteNumber("objects"u8, counts.Sum(c => c.Objects));
            json.WriteNumber("sourceBytes"u8, counts.Sum(c => c.SourceBytes));
            json.WriteNumber("records"u8, counts.Sum(c => c.Records));
            json.WriteStartArray("files"u8);
            for (int i = 0; i < counts.Count; i++)
            {
                WriteFile(json, plan.Entries[i], counts[i]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteFile(Utf8JsonWriter json, PlannedEntry entry, EntryCounts counts)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, entry.Name);
        json.WriteString("category"u8, entry.Category);
        json.WriteString("date"u8, entry.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteNumber("objects"u8, counts.Objects);
        json.WriteNumber("sourceBytes"u8, counts.SourceBytes);
        json.WriteNumber("records"u8, counts.Records);
        json.WriteNumber("recordsOfOthers"u8, counts.OtherRecords);
        json.WriteNumber("recordsUnreadable"u8, counts.UnreadableRecords);
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

    private static string Start(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
}
