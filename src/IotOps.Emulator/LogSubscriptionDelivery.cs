using System.IO.Compression;
using System.Text.Json;

namespace IotOps.Emulator;

/// <summary>
/// What a subscription filter sends to its destination: once when the filter is put, to see whether the destination takes it, and then after each
/// PutLogEvents call with events that match. See https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html.
/// </summary>
public sealed record LogSubscriptionDelivery
{
    /// <summary>Destination of the filter.</summary>
    public required string DestinationArn { get; init; }

    /// <summary>Account of the log group, 12 digits.</summary>
    public required string Owner { get; init; }

    /// <summary>Log group; empty in a control message.</summary>
    public required string LogGroup { get; init; }

    /// <summary>Log stream; empty in a control message.</summary>
    public required string LogStream { get; init; }

    /// <summary>Name of the filter.</summary>
    public required string FilterName { get; init; }

    /// <summary>Whether it only checks the destination, and its one event is the check's.</summary>
    public required bool IsControlMessage { get; init; }

    /// <summary>The events that matched, in the order they were accepted.</summary>
    public required IReadOnlyList<LogSubscriptionEvent> Events { get; init; }

    /// <summary>The document that AWS sends, as JSON.</summary>
    public byte[] ToJson()
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("messageType"u8, IsControlMessage ? "CONTROL_MESSAGE"u8 : "DATA_MESSAGE"u8);
            json.WriteString("owner"u8, IsControlMessage ? "CloudwatchLogs" : Owner);
            json.WriteString("logGroup"u8, LogGroup);
            json.WriteString("logStream"u8, LogStream);
            json.WriteStartArray("subscriptionFilters"u8);
            if (!IsControlMessage)
            {
                json.WriteStringValue(FilterName);
            }

            json.WriteEndArray();
            json.WriteStartArray("logEvents"u8);
            foreach (LogSubscriptionEvent one in Events)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, one.Id);
                json.WriteNumber("timestamp"u8, one.Timestamp.ToUnixTimeMilliseconds());
                json.WriteString("message"u8, one.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    /// <summary>The same compressed with gzip, which is what Kinesis and Firehose get; Lambda gets it in base64.</summary>
    public byte[] ToGzip()
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest))
        {
            gzip.Write(ToJson());
        }

        return body.ToArray();
    }
}
