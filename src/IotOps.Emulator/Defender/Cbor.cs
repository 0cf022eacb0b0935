using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace IotOps.Emulator.Defender;

/// <summary>CBOR (RFC 8949) as far as JSON has the same values: what a report may hold, and what answers it.</summary>
internal static class Cbor
{
    private const int MaxDepth = 32;

    /// <summary>The JSON of one data item.</summary>
    /// <exception cref="FormatException">It is no CBOR, has no JSON, or is not alone.</exception>
    public static byte[] ToJson(ReadOnlySpan<byte> cbor)
    {
        var target = new ArrayBufferWriter<byte>(cbor.Length * 2);
        using var json = new Utf8JsonWriter(target);
        ReadOnlySpan<byte> rest = cbor;
        Read(ref rest, json, depth: 0);
        json.Flush();
        return rest.IsEmpty ? target.WrittenSpan.ToArray() : throw new FormatException("Bytes follow the report.");
    }

    /// <summary>The CBOR of a JSON value, with definite lengths and the shortest integers.</summary>
    public static void Write(IBufferWriter<byte> target, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteHead(target, 5, (ulong)value.EnumerateObject().Count());
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    WriteText(target, property.Name);
                    Write(target, property.Value);
                }

                break;
            case JsonValueKind.Number:
                long number = value.GetInt64();
                WriteHead(target, number < 0 ? 1 : 0, (ulong)(number < 0 ? -1 - number : number));
                break;
            default:
                WriteText(target, value.ToString());
                break;
        }
    }

    private static void Read(ref ReadOnlySpan<byte> rest, Utf8JsonWriter json, int depth)
    {
        byte initial = Take(ref rest, 1)[0];
        int major = initial >> 5;
        if (major == 7)
        {
            ReadSimple(ref rest, initial, json);
            return;
        }

        ulong argument = Argument(ref rest, initial & 0x1F);
        switch (major)
        {
            case 0:
                json.WriteNumberValue(argument);
                break;
            case 1 when argument <= long.MaxValue:
                json.WriteNumberValue(-1 - (long)argument);
                break;
            case 3:
                json.WriteStringValue(Text(ref rest, argument));
                break;
            case 4 or 5 when depth == MaxDepth || argument > (ulong)rest.Length:
                throw new FormatException("Nested too deeply, or longer than the report.");
            case 4:
                json.WriteStartArray();
                for (ulong i = 0; i < argument; i++)
                {
                    Read(ref rest, json, depth + 1);
                }

                json.WriteEndArray();
                break;
            case 5:
                json.WriteStartObject();
                for (ulong i = 0; i < argument; i++)
                {
                    byte key = Take(ref rest, 1)[0];
                    json.WritePropertyName(key >> 5 == 3 ? Text(ref rest, Argument(ref rest, key & 0x1F)) : throw new FormatException("A map's key is no text."));
                    Read(ref rest, json, depth + 1);
                }

                json.WriteEndObject();
                break;
            default:
                throw new FormatException($"0x{initial:X2} begins nothing that JSON has.");
        }
    }

    private static void ReadSimple(ref ReadOnlySpan<byte> rest, byte initial, Utf8JsonWriter json)
    {
        double? number = initial switch
        {
            0xF9 => (double)BinaryPrimitives.ReadHalfBigEndian(Take(ref rest, 2)),
            0xFA => BinaryPrimitives.ReadSingleBigEndian(Take(ref rest, 4)),
            0xFB => BinaryPrimitives.ReadDoubleBigEndian(Take(ref rest, 8)),
            _ => null,
        };
        switch (initial)
        {
            case 0xF4 or 0xF5:
                json.WriteBooleanValue(initial == 0xF5);
                break;
            case 0xF6:
                json.WriteNullValue();
                break;
            default:
                json.WriteNumberValue(number is { } finite && double.IsFinite(finite) ? finite : throw new FormatException($"0x{initial:X2} is nothing that JSON has."));
                break;
        }
    }

    private static ulong Argument(ref ReadOnlySpan<byte> rest, int info) => info switch
    {
        < 24 => (ulong)info,
        24 => Take(ref rest, 1)[0],
        25 => BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)),
        26 => BinaryPrimitives.ReadUInt32BigEndian(Take(ref rest, 4)),
        27 => BinaryPrimitives.ReadUInt64BigEndian(Take(ref rest, 8)),
        _ => throw new FormatException("Only definite lengths are read."),
    };

    private static string Text(ref ReadOnlySpan<byte> rest, ulong length) =>
        length <= (ulong)rest.Length ? Encoding.UTF8.GetString(Take(ref rest, (int)length)) : throw new FormatException("A text is longer than the report.");

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (count > rest.Length)
        {
            throw new FormatException("The report ends in the middle of a value.");
        }

        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static void WriteText(IBufferWriter<byte> target, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteHead(target, 3, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void WriteHead(IBufferWriter<byte> target, int major, ulong argument)
    {
        Span<byte> head = stackalloc byte[9];
        int length;
        switch (argument)
        {
            case < 24:
                head[0] = (byte)argument;
                length = 1;
                break;
            case <= byte.MaxValue:
                head[0] = 24;
                head[1] = (byte)argument;
                length = 2;
                break;
            case <= ushort.MaxValue:
                head[0] = 25;
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)argument);
                length = 3;
                break;
            case <= uint.MaxValue:
                head[0] = 26;
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)argument);
                length = 5;
                break;
            default:
                head[0] = 27;
                BinaryPrimitives.WriteUInt64BigEndian(head[1..], argument);
                length = 9;
                break;
        }

        head[0] |= (byte)(major << 5);
        target.Write(head[..length]);
    }
}
