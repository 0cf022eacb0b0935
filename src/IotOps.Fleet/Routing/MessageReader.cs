using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Routing;

/// <summary>Takes messages out of their envelopes and tells what they are.</summary>
internal static class MessageReader
{
    private const int MaxEnvelopes = 4;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <summary>
    /// The messages of a delivery: the delivery itself, or what SNS sent in it over HTTP (<c>Message</c>), to Lambda (<c>Records[].Sns</c>) or
    /// through SQS to Lambda (<c>Records[].body</c>).
    /// </summary>
    /// <param name="delivery">JSON in UTF-8.</param>
    /// <param name="key">What the caller calls the delivery; null for nothing.</param>
    /// <param name="failures">Gets what could not be read.</param>
    public static List<RoutedMessage> Read(ReadOnlyMemory<byte> delivery, string? key, List<RouteFailure> failures)
    {
        List<RoutedMessage> messages = [];
        Read(delivery, key, messages, failures, MaxEnvelopes);
        return messages;
    }

    private static void Read(ReadOnlyMemory<byte> json, string? key, List<RoutedMessage> messages, List<RouteFailure> failures, int envelopes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Deep);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("A message is a JSON object.");
            }

            if (envelopes > 0 && root.TryGetProperty("Records"u8, out JsonElement records) && records.ValueKind == JsonValueKind.Array && Inner(records) is { } inner)
            {
                foreach ((string? text, string? id) in inner)
                {
                    Read(Encoding.UTF8.GetBytes(text ?? ""), id ?? key, messages, failures, envelopes - 1);
                }
            }
            else if (envelopes > 0 && Text(root, "Type") == "Notification" && Text(root, "Message") is { } message)
            {
                Read(Encoding.UTF8.GetBytes(message), Text(root, "MessageId") ?? key, messages, failures, envelopes - 1);
            }
            else
            {
                RoutedMessageKind kind = MessageIdentity.Kind(root);
                messages.Add(new RoutedMessage(kind, MessageIdentity.Key(root, kind) ?? key, json));
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            failures.Add(new RouteFailure(null, null, new FormatException($"A message is no JSON object: {e.Message}", e)));
        }
    }

    // Null when the records are not of SNS or SQS: then they are the message.
    private static List<(string? Text, string? Id)>? Inner(JsonElement records)
    {
        List<(string?, string?)> inner = [];
        foreach (JsonElement record in records.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (record.TryGetProperty("Sns"u8, out JsonElement sns) && sns.ValueKind == JsonValueKind.Object)
            {
                inner.Add((Text(sns, "Message"), Text(sns, "MessageId")));
            }
            else if (Text(record, "eventSource") == "aws:sqs")
            {
                inner.Add((Text(record, "body"), Text(record, "messageId")));
            }
            else
            {
                return null;
            }
        }

        return inner;
    }

    private static string? Text(JsonElement at, string name) =>
        at.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
