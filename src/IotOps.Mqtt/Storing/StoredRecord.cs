using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IotOps.Mqtt.Storing;

/// <summary>
/// The records of the journal: a message, or the number of one that is done. Little endian; strings and binaries with their length (4) before
/// them, options by the flags that say which are there.
/// </summary>
internal static class StoredRecord
{
    private const byte MessageKind = 1;
    private const byte DoneKind = 2;
    private const int IdAt = 1;
    private const int FlagsAt = 9;
    private const int ContentAt = 10;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Retain = 1,
        Utf8 = 2,
        Expiry = 4,
        ResponseTopic = 8,
        Correlation = 16,
        ContentType = 32,
        UserProperties = 64,
    }

    /// <summary>A message, whose number is still to be given.</summary>
    public static byte[] Message(string topic, ReadOnlySpan<byte> payload, MqttPublishOptions? options, DateTimeOffset now)
    {
        var writer = new ArrayBufferWriter<byte>(ContentAt + topic.Length + payload.Length + 16);
        Span<byte> head = writer.GetSpan(ContentAt);
        head[0] = MessageKind;
        Parts parts = PartsOf(options);
        head[FlagsAt] = (byte)parts;
        writer.Advance(ContentAt);
        Write(writer, topic);
        if (parts.HasFlag(Parts.Expiry))
        {
            Write(writer, now.Add(options!.MessageExpiry!.Value).ToUnixTimeMilliseconds());
        }

        if (parts.HasFlag(Parts.ResponseTopic))
        {
            Write(writer, options!.ResponseTopic!);
        }

        if (parts.HasFlag(Parts.Correlation))
        {
            Write(writer, options!.CorrelationData.Span);
        }

        if (parts.HasFlag(Parts.ContentType))
        {
            Write(writer, options!.ContentType!);
        }

        if (parts.HasFlag(Parts.UserProperties))
        {
            Write(writer, options!.UserProperties.Count);
            foreach ((string key, string value) in options.UserProperties)
            {
                Write(writer, key);
                Write(writer, value);
            }
        }

        writer.Write(payload);
        return writer.WrittenSpan.ToArray();
    }

    public static byte[] Done(long id)
    {
        byte[] record = new byte[FlagsAt];
        record[0] = DoneKind;
        SetId(record, id);
        return record;
    }

    public static void SetId(byte[] record, long id) => BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(IdAt), id);

    /// <summary>The number that a record is about, and whether it is done.</summary>
    public static long IdOf(ReadOnlySpan<byte> record, out bool isDone)
    {
        isDone = record[0] == DoneKind;
        return BinaryPrimitives.ReadInt64LittleEndian(record[IdAt..]);
    }

    public static (string Topic, ReadOnlyMemory<byte> Payload, MqttPublishOptions? Options, DateTimeOffset? Expires) ReadMessage(ReadOnlyMemory<byte> record)
    {
        var parts = (Parts)record.Span[FlagsAt];
        ReadOnlyMemory<byte> rest = record[ContentAt..];
        string topic = String(ref rest);
        DateTimeOffset? expires = parts.HasFlag(Parts.Expiry) ? DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(Take(ref rest, 8).Span)) : null;
        MqttPublishOptions? options = parts == Parts.None ? null : new MqttPublishOptions
        {
            Retain = parts.HasFlag(Parts.Retain),
            PayloadIsUtf8 = parts.HasFlag(Parts.Utf8),
            ResponseTopic = parts.HasFlag(Parts.ResponseTopic) ? String(ref rest) : null,
            CorrelationData = parts.HasFlag(Parts.Correlation) ? Binary(ref rest) : default,
            ContentType = parts.HasFlag(Parts.ContentType) ? String(ref rest) : null,
            UserProperties = parts.HasFlag(Parts.UserProperties) ? Pairs(ref rest) : [],
        };
        return (topic, rest, options, expires);
    }

    private static Parts PartsOf(MqttPublishOptions? options) => options is null ? Parts.None
        : If(options.Retain, Parts.Retain) | If(options.PayloadIsUtf8, Parts.Utf8) | If(options.MessageExpiry is not null, Parts.Expiry)
            | If(options.ResponseTopic is not null, Parts.ResponseTopic) | If(!options.CorrelationData.IsEmpty, Parts.Correlation)
            | If(options.ContentType is not null, Parts.ContentType) | If(options.UserProperties.Count > 0, Parts.UserProperties);

    private static Parts If(bool condition, Parts part) => condition ? part : Parts.None;

    private static void Write(ArrayBufferWriter<byte> writer, string value) => Write(writer, Encoding.UTF8.GetBytes(value));

    private static void Write(ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> value)
    {
        Write(writer, value.Length);
        writer.Write(value);
    }

    private static void Write(ArrayBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), value);
        writer.Advance(4);
    }

    private static void Write(ArrayBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int count)
    {
        ReadOnlyMemory<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static int Int32(ref ReadOnlyMemory<byte> rest) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4).Span);

    private static ReadOnlyMemory<byte> Binary(ref ReadOnlyMemory<byte> rest) => Take(ref rest, Int32(ref rest));

    private static string String(ref ReadOnlyMemory<byte> rest) => Encoding.UTF8.GetString(Binary(ref rest).Span);

    private static KeyValuePair<string, string>[] Pairs(ref ReadOnlyMemory<byte> rest)
    {
        var pairs = new KeyValuePair<string, string>[Int32(ref rest)];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new(String(ref rest), String(ref rest));
        }

        return pairs;
    }
}
