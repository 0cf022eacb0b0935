using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// Reads a message of whatever kind: an entry of the IoT logs, a lifecycle event, a notification of Device Defender, a report, a shadow, a thing. For
/// one thread at a time.
/// </summary>
internal sealed class MessageReader(SegmentRules segments)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private readonly IotLogReader _logs = new();

    /// <summary>Reads a line of a file. An export of CloudWatch Logs to S3 has the time and a blank before each.</summary>
    /// <exception cref="FormatException">It looks like something that is known, and is not.</exception>
    public void ReadLine(ReadOnlyMemory<byte> line, FeedItems into)
    {
        DateTimeOffset? time = null;
        if (line.Length > 25 && line.Span[0] is >= (byte)'0' and <= (byte)'9' && line.Span.IndexOf((byte)' ') is > 18 and < 31 and var blank
            && DateTimeOffset.TryParse(Encoding.ASCII.GetString(line.Span[..blank]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset stamp))
        {
            (time, line) = (stamp, line[(blank + 1)..]);
        }

        Read(line, null, time, into);
    }

    /// <summary>Reads a message.</summary>
    /// <param name="message">JSON, free text of a log, or CBOR of a report whose topic says so.</param>
    /// <param name="topic">Where it was published; null for none.</param>
    /// <param name="time">When it came, for a message that has no time of its own.</param>
    /// <param name="into">Where what was read goes.</param>
    /// <exception cref="FormatException">It looks like something that is known, and is not.</exception>
    public void Read(ReadOnlyMemory<byte> message, string? topic, DateTimeOffset? time, FeedItems into)
    {
        if (topic?.Split('/') is ["$aws", "things", var reporter, "defender", "metrics", "cbor"])
        {
            AddDocument(reporter, DeviceDocument.Report, time, ReportJson.Of(message.Span, DefenderFormat.Cbor), into);
            return;
        }

        ReadOnlySpan<byte> text = message.Span.TrimStart(" \t\r"u8);
        if (topic is null && (text.IsEmpty || text[0] != (byte)'{' || text.IndexOf("\"logLevel\""u8) >= 0))
        {
            ReadLog(message, time, into);
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(message, Deep);
            ReadObject(document.RootElement, message, topic, time, into);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads an entry of the logs.</summary>
    public void ReadLog(ReadOnlyMemory<byte> line, DateTimeOffset? time, FeedItems into)
    {
        if (_logs.TryReadError(line.Span, out IotLogEntry? entry, time))
        {
            into.Errors.Add(new LogError(entry!, line.ToArray()));
            into.Grow(line.Length);
        }
    }

    /// <summary>Reads a thing as the fleet index answers it.</summary>
    public void ReadThing(FleetThing thing, FeedItems into)
    {
        JsonElement connectivity = thing.Json.TryGetProperty("connectivity"u8, out JsonElement found) ? found : default;
        bool? isConnected = Boolean(connectivity, "connected"u8);
        string json = thing.Json.GetRawText();
        into.Things.Add(new ThingFacts(thing.Name, segments.Of(thing), json)
        {
            IsConnected = isConnected,
            ConnectedSince = Number(connectivity, "timestamp"u8) is { } milliseconds and >= 0 and < 253_402_300_800_000 ? Time(milliseconds) : null,
        });
        into.Grow(json.Length);
    }

    private void ReadObject(JsonElement json, ReadOnlyMemory<byte> message, string? topic, DateTimeOffset? time, FeedItems into)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it is no JSON object");
        }

        if (topic is not null)
        {
            ReadPublished(json, topic, time, into);
        }
        else if (Text(json, "topic"u8) is { } published && json.TryGetProperty("payload"u8, out JsonElement payload))
        {
            ReadPublished(payload, published, Number(json, "timestamp"u8) is { } milliseconds ? Time(milliseconds) : time, into);
        }
        else if (json.TryGetProperty("logEvents"u8, out _))
        {
            foreach (IotLogLine line in IotLogEnvelope.Parse(message).Lines)
            {
                ReadLog(line.Message, line.Time, into);
            }
        }
        else if (Text(json, "eventType"u8) is "connected" or "disconnected" or "connect_failed" or "subscribed" or "unsubscribed" && json.TryGetProperty("clientId"u8, out _))
        {
            into.Lifecycle.Add(LifecycleEvent.Read(json));
        }
        else if (json.TryGetProperty("violationEventType"u8, out _) || json.TryGetProperty("taskStatus"u8, out _) || json.TryGetProperty("Message"u8, out _))
        {
            foreach (DefenderNotification notification in DefenderNotification.ReadAll(message))
            {
                into.Findings.AddRange(FindingConversion.Of(notification, time));
            }
        }
        else if (json.TryGetProperty("findingId"u8, out _) || json.TryGetProperty("nonCompliantResource"u8, out _))
        {
            into.Findings.Add(FindingConversion.OfAuditJson(json, time));
        }
        else if (json.TryGetProperty("thingName"u8, out _) && (json.TryGetProperty("attributes"u8, out _) || json.TryGetProperty("connectivity"u8, out _) || json.TryGetProperty("thingGroupNames"u8, out _)))
        {
            ReadThing(FleetThing.Read(json), into);
        }
    }

    // Topics of AWS IoT; what devices publish otherwise says nothing here.
    private static void ReadPublished(JsonElement payload, string topic, DateTimeOffset? time, FeedItems into)
    {
        string[] parts = topic.Split('/');
        if (parts is ["$aws", "events", ..])
        {
            into.Lifecycle.Add(LifecycleEvent.Read(payload));
        }
        else if (parts is ["$aws", "things", var reporter, "defender", "metrics", "json"])
        {
            AddDocument(reporter, DeviceDocument.Report, time, Report(payload), into);
        }
        else if (parts is ["$aws", "things", var sender, "defender", "metrics", "cbor"])
        {
            // In a file of messages the bytes are base64.
            AddDocument(
                sender, DeviceDocument.Report, time,
                payload.ValueKind == JsonValueKind.String && payload.TryGetBytesFromBase64(out byte[]? cbor) ? ReportJson.Of(cbor, DefenderFormat.Cbor) : throw new FormatException("a report in CBOR is a text in base64"), into);
        }
        else if (parts is ["$aws", "things", var thing, "shadow", .. var rest])
        {
            string? name = rest is ["name", var named, ..] ? named : null;
            JsonElement shadow = payload.TryGetProperty("current"u8, out JsonElement current) ? current : payload;
            if (shadow.ValueKind == JsonValueKind.Object && shadow.TryGetProperty("state"u8, out _) && (rest is [.., "documents"] or [.., "get", "accepted"] or [] or ["name", _]))
            {
                AddDocument(thing, name is null ? DeviceDocument.Shadow : $"{DeviceDocument.Shadow}/{name}", Number(payload, "timestamp"u8) is { } seconds ? Time(1_000 * seconds) : time, shadow.GetRawText(), into);
            }
        }
    }

    // The page shows long names.
    private static string Report(JsonElement payload) => payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("met"u8, out _)
        ? ReportJson.Of(Encoding.UTF8.GetBytes(payload.GetRawText()), DefenderFormat.Json)
        : payload.GetRawText();

    private static void AddDocument(string thing, string name, DateTimeOffset? time, string json, FeedItems into)
    {
        into.Documents.Add(new DeviceDocument(thing, name, time ?? throw new FormatException("a document has no time"), json));
        into.Grow(json.Length);
    }

    private static string? Text(JsonElement json, ReadOnlySpan<byte> name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool? Boolean(JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True : null;

    private static long? Number(JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private static DateTimeOffset Time(long milliseconds) => milliseconds is >= 0 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : throw new FormatException($"{milliseconds} is no time in milliseconds since 1970");
}
