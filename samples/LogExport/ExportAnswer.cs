using System.Text.Json;
using IotOps.Archive;

namespace IotOps.Samples.LogExport;

/// <summary>What a run prints at its end.</summary>
internal static class ExportAnswer
{
    public static void Print(LogExportResult result, bool asJson)
    {
        if (!asJson)
        {
            Console.WriteLine(result.Message);
            if (result.Url is { } url)
            {
                Console.WriteLine($"{result.Bytes / 1e6:N1} MB, valid until {result.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC:");
                Console.WriteLine(url.AbsoluteUri);
            }

            return;
        }

        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
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
            json.WriteString("message"u8, result.Message);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
