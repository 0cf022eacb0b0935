using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Routing;

/// <summary>What an event source mapping of SQS gives a function, and what it is answered.</summary>
internal static class QueueBatch
{
    /// <summary>Whether an event is a batch of SQS, and its messages.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out IReadOnlyList<QueuedDelivery> deliveries)
    {
        List<QueuedDelivery> found = [];
        deliveries = found;
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("Records"u8, out JsonElement records) || records.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            foreach (JsonElement record in records.EnumerateArray())
            {
                if (Text(record, "eventSource") != "aws:sqs" || Text(record, "messageId") is not { } id)
                {
                    return false;
                }

                found.Add(new QueuedDelivery(id, "", Encoding.UTF8.GetBytes(Text(record, "body") ?? "")));
            }

            return found.Count > 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The router says what is wrong with it.
            return false;
        }
    }

    /// <summary>The answer that keeps those in the queue that were not handled.</summary>
    public static ReadOnlyMemory<byte> Answer(IEnumerable<QueuedDelivery> failed)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("batchItemFailures"u8);
            foreach (QueuedDelivery delivery in failed)
            {
                json.WriteStartObject();
                json.WriteString("itemIdentifier"u8, delivery.Id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    private static string? Text(JsonElement at, string name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
