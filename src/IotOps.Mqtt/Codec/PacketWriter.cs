using System.Buffers.Binary;
using System.Text;

namespace IotOps.Mqtt.Codec;

/// <summary>Writes MQTT's data types into a span that the caller made large enough.</summary>
internal ref struct PacketWriter(Span<byte> destination)
{
    private const int LongestVariableInteger = 4;

    private readonly Span<byte> _destination = destination;

    public int Position { get; private set; }

    public void Byte(byte value) => _destination[Position++] = value;

    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[Position..], checked((ushort)value));
        Position += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[Position..], value);
        Position += 4;
    }

    public void VariableInteger(int value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[Position..]);
        Position += value.Length;
    }

    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(value.Length);
        Bytes(value);
    }

    public void String(string value)
    {
        int length = Encoding.UTF8.GetBytes(value, _destination[(Position + 2)..]);
        UInt16(length);
        Position += length;
    }

    public void Seconds(PropertyId id, TimeSpan value)
    {
        Byte((byte)id);
        UInt32(ToSeconds(value));
    }

    public void UserProperties(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            Byte((byte)PropertyId.UserProperty);
            String(pairs[i].Key);
            String(pairs[i].Value);
        }
    }

    /// <summary>Leaves room for a length; <see cref="EndSized"/> writes it when what it counts is there.</summary>
    public int BeginSized()
    {
        Position += LongestVariableInteger;
        return Position;
    }

    public void EndSized(int begin)
    {
        int length = Position - begin;
        Position = begin - LongestVariableInteger;
        VariableInteger(length);
        _destination.Slice(begin, length).CopyTo(_destination[Position..]);
        Position += length;
    }

    public static int VariableIntegerLength(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => LongestVariableInteger,
    };

    public static uint ToSeconds(TimeSpan value) => (uint)Math.Clamp(Math.Ceiling(value.TotalSeconds), 0, uint.MaxValue);
}
