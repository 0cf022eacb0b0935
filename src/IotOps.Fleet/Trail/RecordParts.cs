using System.Text.Json;

namespace IotOps.Fleet.Trail;

/// <summary>The structured members of a record, and whole records that stand alone.</summary>
internal static class RecordParts
{
    public static CloudTrailRecord Parse(ReadOnlySpan<byte> utf8Json)
    {
        CloudTrailRecord record = Own(utf8Json.Trim(" \t\r\n"u8));
        return Refusal(record) is { } refusal ? throw new FormatException(refusal) : record;
    }

    /// <summary>A record with memory of its own.</summary>
    /// <exception cref="FormatException">It is no JSON object.</exception>
    public static CloudTrailRecord Own(ReadOnlySpan<byte> json, bool isRevision = false)
    {
        if (json is not [(byte)'{', ..])
        {
            throw new FormatException("A CloudTrail record is a JSON object.");
        }

        byte[] buffer = new byte[json.Length + RecordScanner.Padding];
        json.CopyTo(buffer);
        var fields = new RecordFields();
        ScanOutcome outcome = RecordScanner.Scan(buffer, 0, json.Length, fields, out int at);
        return outcome == ScanOutcome.Whole && at == json.Length
            ? new CloudTrailRecord(buffer.AsMemory(0, json.Length), fields, cache: null, isRevision)
            : throw new FormatException(outcome == ScanOutcome.NeedsMore ? "The CloudTrail record is cut short." : $"The CloudTrail record is no JSON at byte {at}.");
    }

    /// <summary>Why a record cannot be understood; null when it can. Minor versions only add members, so any of them will do.</summary>
    public static string? Refusal(CloudTrailRecord record)
    {
        ReadOnlySpan<byte> version = record.RawText(RecordField.EventVersion);
        return version.IsEmpty || version is [(byte)'1', (byte)'.', ..] or [(byte)'1'] || version[0] is < (byte)'0' or > (byte)'9'
            ? null
            : $"record {record.EventId ?? "without eventID"} has eventVersion {record.EventVersion}; only major version 1 is known, so it was left out";
    }

    public static IReadOnlyList<CloudTrailResource> Resources(ReadOnlyMemory<byte> json)
    {
        if (json.Span is not [(byte)'[', ..])
        {
            return [];
        }

        JsonElement list = JsonElement.Parse(json.Span);
        return
        [
            .. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => new CloudTrailResource(
                Members.Text(item, "type"u8),
                Members.Text(item, "ARN"u8) ?? Members.Text(item, "arn"u8),
                Members.Text(item, "accountId"u8))),
        ];
    }

    public static CloudTrailAddendum? Addendum(ReadOnlyMemory<byte> json)
    {
        if (json.Span is not [(byte)'{', ..])
        {
            return null;
        }

        JsonElement addendum = JsonElement.Parse(json.Span);
        JsonElement updated = Members.Object(addendum, "updatedFields"u8);
        string[] fields = updated.ValueKind == JsonValueKind.Array
            ? [.. updated.EnumerateArray().Select(Members.Text).OfType<string>()]
            : Members.Text(updated)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new CloudTrailAddendum(Members.Text(addendum, "reason"u8), Members.Text(addendum, "originalEventID"u8), fields);
    }

    public static CloudTrailInsight? Insight(ReadOnlyMemory<byte> json)
    {
        if (json.Span is not [(byte)'{', ..])
        {
            return null;
        }

        JsonElement details = JsonElement.Parse(json.Span);
        JsonElement statistics = Members.Object(Members.Object(details, "insightContext"u8), "statistics"u8);
        return new CloudTrailInsight(
            Members.Text(details, "state"u8),
            Members.Text(details, "insightType"u8),
            Members.Text(details, "eventSource"u8),
            Members.Text(details, "eventName"u8),
            Members.Text(details, "errorCode"u8),
            Members.Number(Members.Object(statistics, "baseline"u8), "average"u8),
            Members.Number(Members.Object(statistics, "insight"u8), "average"u8));
    }
}
