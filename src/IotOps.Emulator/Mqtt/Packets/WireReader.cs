using System.Buffers.Binary;
using System.Text;

namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Reads the data types of MQTT (OASIS MQTT 5.0, 1.5); what does not fit is a malformed packet.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort TwoBytes() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint FourBytes() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public uint VariableInteger()
    {
        uint value = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            byte next = Byte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                // The shortest form is the only one.
                return next == 0 && shift > 0 ? throw ProtocolViolation.Malformed("A variable byte integer is longer than it needs to be.") : value;
            }
        }

        throw ProtocolViolation.Malformed("A variable byte integer is longer than four bytes.");
    }

    public ReadOnlySpan<byte> Binary() => Take(TwoBytes());

    public string Text()
    {
        string text;
        try
        {
            text = Utf8.GetString(Binary());
        }
        catch (DecoderFallbackException)
        {
            throw ProtocolViolation.Malformed("A string is not valid UTF-8.");
        }

        return text.Contains('\0', StringComparison.Ordinal) ? throw ProtocolViolation.Malformed("A string contains U+0000.") : text;
    }

    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw ProtocolViolation.Malformed("A packet ends in the middle of a field.");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public readonly void End()
    {
        if (!IsAtEnd)
        {
            throw ProtocolViolation.Malformed($"A packet has {_rest.Length} bytes too many.");
        }
    }
}
