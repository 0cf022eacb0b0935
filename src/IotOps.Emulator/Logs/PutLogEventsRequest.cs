using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>A PutLogEvents body, read in one pass without a string or an object for any event.</summary>
internal sealed class PutLogEventsRequest : IDisposable
{
    private readonly PooledBuffer _messages;
    private int[] _ends = ArrayPool<int>.Shared.Rent(1_024);
    private long[] _timestamps = ArrayPool<long>.Shared.Rent(1_024);

    private PutLogEventsRequest(int capacity) => _messages = new PooledBuffer(capacity);

    public string? LogGroup { get; private set; }

    public string? LogStream { get; private set; }

    /// <summary>What the events are about; null when nothing was said.</summary>
    public LogEntity? Entity { get; private set; }

    /// <summary>Whether logEvents was there at all.</summary>
    public bool HasEvents { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, Count);

    /// <summary>UTF-8 bytes of all messages.</summary>
    public int MessageBytes => _messages.Length;

    public int MessageLength(int index) => _ends[index] - Start(index);

    /// <summary>A copy of the events from <paramref name="from"/> up to <paramref name="to"/>, to keep.</summary>
    public LogBatch ToBatch(int from, int to, long ingestion, long firstSequence, bool withMessages)
    {
        int start = Start(from);
        int[] ends = _ends[from..to];
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] -= start;
        }

        byte[] messages = withMessages ? _messages.Span[start.._ends[to - 1]].ToArray() : [];
        return new LogBatch(messages, ends, _timestamps[from..to], ingestion, firstSequence);
    }

    /// <exception cref="Refusal">The body is no such JSON.</exception>
    public static PutLogEventsRequest Parse(ReadOnlySpan<byte> body)
    {
        var request = new PutLogEventsRequest(body.Length);
        try
        {
            var reader = new Utf8JsonReader(body);
            request.Read(ref reader);
            return request;
        }
        catch (Refusal)
        {
            request.Dispose();
            throw;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            request.Dispose();
            throw new Refusal(400, "SerializationException", $"The PutLogEvents body cannot be read: {e.Message}");
        }
    }

    public void Dispose()
    {
        _messages.Dispose();
        ArrayPool<int>.Shared.Return(_ends);
        ArrayPool<long>.Shared.Return(_timestamps);
        (_ends, _timestamps) = ([], []);
    }

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];

    private void Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("logGroupName"u8))
            {
                reader.Read();
                LogGroup = reader.GetString();
            }
            else if (reader.ValueTextEquals("logStreamName"u8))
            {
                reader.Read();
                LogStream = reader.GetString();
            }
            else if (reader.ValueTextEquals("logEvents"u8))
            {
                reader.Read();
                ReadEvents(ref reader);
            }
            else
            {
                ReadOther(ref reader);
            }
        }

        // Reading on past the closing brace makes trailing bytes an error.
        reader.Read();
    }

    private void ReadOther(ref Utf8JsonReader reader)
    {
        string name = reader.GetString()!;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        switch (name)
        {
            case "entity":
                Entity = EntityInput.Read(JsonElement.ParseValue(ref reader));
                break;
            case "sequenceToken":
                // The service reads it no more, but for its bounds.
                Constraint.Length(reader.GetString(), name, int.MaxValue);
                break;
            default:
                throw Refusal.NotImplemented($"The emulator's PutLogEvents has no '{name}'.");
        }
    }

    private void ReadEvents(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        HasEvents = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartObject);
            ReadEvent(ref reader);
        }
    }

    private void ReadEvent(ref Utf8JsonReader reader)
    {
        Reserve();
        int start = _messages.Length;
        long? timestamp = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                timestamp = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                ReadMessage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (timestamp is not >= 0 || _messages.Length == start)
        {
            throw Invalid(timestamp);
        }

        _timestamps[Count] = timestamp.Value;
        _ends[Count++] = _messages.Length;
    }

    private void ReadMessage(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        ReadOnlySpan<byte> raw = reader.ValueSpan;
        Span<byte> target = _messages.GetSpan(raw.Length);
        if (reader.ValueIsEscaped)
        {
            _messages.Advance(reader.CopyString(target));
            return;
        }

        // The reader checks UTF-8 only where it unescapes.
        if (!Utf8.IsValid(raw))
        {
            throw new FormatException($"Event {Count} is not valid UTF-8.");
        }

        raw.CopyTo(target);
        _messages.Advance(raw.Length);
    }

    private Refusal Invalid(long? timestamp)
    {
        string member = $"logEvents.{Count + 1}.member";
        return timestamp switch
        {
            null => Constraint.Violated("null", $"{member}.timestamp", "Member must not be null"),
            < 0 => Constraint.Violated(timestamp.Value.ToString(), $"{member}.timestamp", "Member must have value greater than or equal to 0"),
            _ => Constraint.Violated("", $"{member}.message", "Member must have length greater than or equal to 1"),
        };
    }

    private void Reserve()
    {
        if (Count < _ends.Length && Count < _timestamps.Length)
        {
            return;
        }

        int[] ends = ArrayPool<int>.Shared.Rent(Count * 2);
        long[] timestamps = ArrayPool<long>.Shared.Rent(Count * 2);
        _ends.AsSpan(0, Count).CopyTo(ends);
        _timestamps.AsSpan(0, Count).CopyTo(timestamps);
        ArrayPool<int>.Shared.Return(_ends);
        ArrayPool<long>.Shared.Return(_timestamps);
        (_ends, _timestamps) = (ends, timestamps);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new FormatException($"Expected {type} at byte {reader.TokenStartIndex}, found {reader.TokenType}.");
        }
    }
}
