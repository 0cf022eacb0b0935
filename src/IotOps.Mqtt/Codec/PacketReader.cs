using System.Buffers.Binary;
using System.Text;

namespace IotOps.Mqtt.Codec;

/// <summary>Reads MQTT's data types; what does not fit into the bytes given is a malformed packet, never an over-read.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Whether the section of properties is all there.</summary>
    public readonly bool HasProperties => TryVariableInteger(_rest, out int value, out int length) && value <= _rest.Length - length;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    public int VariableInteger()
    {
        if (!TryVariableInteger(_rest, out int value, out int length))
        {
            Malformed.Throw("a length ends before its last byte");
        }

        _rest = _rest[length..];
        return value;
    }

    /// <summary>The section of properties, which its own length delimits.</summary>
    public ReadOnlySpan<byte> Properties() => Take(VariableInteger());

    public string String() => Decode(Binary());

    public ushort PacketId()
    {
        ushort id = UInt16();
        if (id == 0)
        {
            throw Malformed.Protocol("a packet identifier is zero");
        }

        return id;
    }

    public readonly void End(string packet)
    {
        if (!_rest.IsEmpty)
        {
            Malformed.Throw($"{_rest.Length} bytes follow the end of {packet}");
        }
    }

    /// <summary>UTF-8 as MQTT wants it: well formed, without U+0000.</summary>
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Contains((byte)0))
        {
            Malformed.Throw("a string holds U+0000");
        }

        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed.Packet("a string is not UTF-8");
        }
    }

    /// <summary>False when the bytes end before the integer does.</summary>
    public static bool TryVariableInteger(ReadOnlySpan<byte> bytes, out int value, out int length)
    {
        value = 0;
        for (length = 0; length < Math.Min(4, bytes.Length);)
        {
            byte next = bytes[length];
            value |= (next & 0x7F) << (7 * length);
            length++;
            if (next < 0x80)
            {
                if (next == 0 && length > 1)
                {
                    Malformed.Throw("a length is written with more bytes than it needs");
                }

                return true;
            }
        }

        if (length == 4)
        {
            Malformed.Throw("a length has more than four bytes");
        }

        return false;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Malformed.Throw($"{count} bytes are announced and {_rest.Length} are there");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
