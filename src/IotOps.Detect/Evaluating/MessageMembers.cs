using System.Text.Json;

namespace IotOps.Detect.Evaluating;

/// <summary>The members of a queue message's outer object that say what it is.</summary>
internal struct MessageMembers
{
    /// <summary>Where the report's text stands with its quotes, or its object; null for none.</summary>
    public Range? Report { get; private set; }

    public string? Thing { get; private set; }

    public string? Sender { get; private set; }

    public string? Receiver { get; private set; }

    public string? EventType { get; private set; }

    public string? Id { get; private set; }

    public long? Time { get; private set; }

    public long? Base64 { get; private set; }

    public long? Padding { get; private set; }

    public readonly bool IsMessage => Sender is not null || Receiver is not null;

    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="FormatException">It is not an object.</exception>
    public static MessageMembers Read(ReadOnlySpan<byte> body)
    {
        var members = default(MessageMembers);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("A message is a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            members.Take(ref reader);
        }

        // What follows the object would be half of another message.
        _ = reader.Read();
        return members;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("report"u8))
        {
            reader.Read();
            int begin = (int)reader.TokenStartIndex;
            bool isReport = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
            reader.Skip();
            Report = isReport ? begin..(int)reader.BytesConsumed : Report;
        }
        else if (reader.ValueTextEquals("thing"u8))
        {
            Thing = Text(ref reader) ?? Thing;
        }
        else if (reader.ValueTextEquals("sender"u8))
        {
            Sender = Text(ref reader) ?? Sender;
        }
        else if (reader.ValueTextEquals("receiver"u8))
        {
            Receiver = Text(ref reader) ?? Receiver;
        }
        else if (reader.ValueTextEquals("eventType"u8))
        {
            EventType = Text(ref reader) ?? EventType;
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            Id = Text(ref reader) ?? Id;
        }
        else if (reader.ValueTextEquals("time"u8))
        {
            Time = Integer(ref reader) ?? Time;
        }
        else if (reader.ValueTextEquals("base64"u8))
        {
            Base64 = Integer(ref reader) ?? Base64;
        }
        else if (reader.ValueTextEquals("padding"u8))
        {
            Padding = Integer(ref reader) ?? Padding;
        }
        else
        {
            reader.Skip();
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        reader.Skip();
        return text;
    }

    private static long? Integer(ref Utf8JsonReader reader)
    {
        reader.Read();
        long? number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value) ? value : null;
        reader.Skip();
        return number;
    }
}
