using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IotOps.Defender.Wire;

/// <summary>The first bytes of a CBOR data item (RFC 8949, section 3): its major type and an argument in as few bytes as hold it.</summary>
internal static class CborHead
{
    public const int MaxBytes = 9;

    /// <summary>The largest argument that needs no byte of its own.</summary>
    public const int MaxShortArgument = 23;

    public const byte UnsignedInteger = 0;
    public const byte NegativeInteger = 1;
    public const byte ByteString = 2;
    public const byte TextString = 3;
    public const byte Array = 4;
    public const byte Map = 5;
    public const byte Tag = 6;
    public const byte Simple = 7;

    /// <summary>In the place of the argument: the item's length is not told, a break ends it.</summary>
    public const byte Indefinite = 31;

    public const byte Break = 0xFF;
    public const byte HalfFloat = 0xF9;
    public const byte SingleFloat = 0xFA;
    public const byte DoubleFloat = 0xFB;

    /// <summary>Writes a head into at least <see cref="MaxBytes"/> bytes.</summary>
    /// <returns>How many it took.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, byte majorType, ulong argument)
    {
        if (argument > MaxShortArgument)
        {
            return WriteLong(destination, majorType << 5, argument);
        }

        destination[0] = (byte)((majorType << 5) | (int)argument);
        return 1;
    }

    private static int WriteLong(Span<byte> destination, int type, ulong argument)
    {
        switch (argument)
        {
            case <= byte.MaxValue:
                destination[1] = (byte)argument;
                destination[0] = (byte)(type | 24);
                return 2;
            case <= ushort.MaxValue:
                destination[0] = (byte)(type | 25);
                BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)argument);
                return 3;
            case <= uint.MaxValue:
                destination[0] = (byte)(type | 26);
                BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)argument);
                return 5;
            default:
                destination[0] = (byte)(type | 27);
                BinaryPrimitives.WriteUInt64BigEndian(destination[1..], argument);
                return 9;
        }
    }
}
