using System.Text.Json;
using IotOps.Archive;

namespace IotOps.Samples.LogExport;

/// <summary>Prints the outcome of a run, as text or as one JSON object on the last line.</summary>
internal static class ExportAnswer
{
    public static void Print(LogExportResult result, bool asJson)
    {
        if (asJson)
        {
            PrintJson(json =>
            {
                json.WriteString("url"u8, result.Url?.AbsoluteUri);
                json.WriteString("key"u8, result.Key);
                json.WriteNumber("bytes"u8, result.Bytes);
                json.WriteNumber("records"u8, result.Records);
                json.WriteString("expiresAt"u8, result.ExpiresAt?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
                json.WriteNumber("objects"u8, result.Objects);
                json.WriteNumber("skipped"u8, result.SkippedObjects);
                json.WriteNumber("unreadable"u8, result.UnreadableRecords);
                json.WriteNumber("unreadableBytes"u8, result.UnreadableBytes);
                json.WriteString("leftOut"u8, result.LeftOut);
                json.WriteString("restoreHint"u8, result.RestoreHint);
                json.WriteString("message"u8, result.Message);
            });
            return;
        }

        Console.WriteLine(result.Message);
        if (result.RestoreHint is { } hint)
        {
            Console.WriteLine(hint);
        }

        if (result.Url is { } url)
        {
            Console.WriteLine($"{result.Bytes / 1e6:N1} MB, valid until {result.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC:");
            Console.WriteLine(url.AbsoluteUri);
        }
    }

    public static void Print(ShardPlan plan, bool asJson)
    {
        if (asJson)
        {
            PrintJson(json =>
            {
                json.WriteString("id"u8, plan.Id);
                json.WriteNumber("shards"u8, plan.Shards);
                json.WriteNumber("objects"u8, plan.Objects);
                json.WriteNumber("bytes"u8, plan.Bytes);
            });
            return;
        }

        Console.WriteLine($"{plan.Objects} objects, {plan.Bytes / 1e6:N1} MB in {plan.Shards} shards.");
        Console.WriteLine($"Now --request {plan.Id} --shard 0/{plan.Shards} to --shard {plan.Shards - 1}/{plan.Shards}, then --finish {plan.Id}");
    }

    private static void PrintJson(Action<Utf8JsonWriter> members)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
