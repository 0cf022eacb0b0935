using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Writes the data types of MQTT.</summary>
internal static class WireWriter
{
    private const int MaxField = ushort.MaxValue;

    public static void Byte(this IBufferWriter<byte> target, byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }

    public static void TwoBytes(this IBufferWriter<byte> target, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target.GetSpan(2), value);
        target.Advance(2);
    }

    public static void FourBytes(this IBufferWriter<byte> target, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target.GetSpan(4), value);
        target.Advance(4);
    }

    public static void VariableInteger(this IBufferWriter<byte> target, uint value)
    {
        do
        {
            byte next = (byte)(value & 0x7F);
            value >>= 7;
            target.Byte(value > 0 ? (byte)(next | 0x80) : next);
        }
        while (value > 0);
    }

    public static void Binary(this IBufferWriter<byte> target, ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxField)
        {
            throw new ArgumentException($"A field of {value.Length} bytes does not fit into an MQTT packet: at most {MaxField}.", nameof(value));
        }

        target.TwoBytes((ushort)value.Length);
        target.Write(value);
    }

    public static void Text(this IBufferWriter<byte> target, string value) => target.Binary(Encoding.UTF8.GetBytes(value));
}
