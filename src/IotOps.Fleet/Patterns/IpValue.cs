using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary>An IP address literal by value. IPv6 in the form <c>::ffff:10.0.0.1</c> is none, as EventBridge reads it.</summary>
/// <param name="Bits">The address as a number.</param>
/// <param name="Length">32 or 128 bits.</param>
internal readonly record struct IpValue(UInt128 Bits, int Length)
{
    private const int LongestV6 = 39;
    private const int LongestV4 = 15;

    private static readonly SearchValues<byte> V6Bytes = SearchValues.Create("0123456789abcdefABCDEF:"u8);

    /// <summary>The address that a text is; null when it is none.</summary>
    public static IpValue? TryRead(ReadOnlySpan<byte> text) => text.Contains((byte)':') ? V6(text) : V4(text);

    /// <summary>The first bits, the others zero.</summary>
    public UInt128 Network(int bits) => bits == 0 ? 0 : Bits >> (Length - bits) << (Length - bits);

    private static IpValue? V4(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestV4)
        {
            return null;
        }

        uint bits = 0, part = 0;
        int parts = 1, digits = 0;
        foreach (byte b in text)
        {
            if (b is >= (byte)'0' and <= (byte)'9')
            {
                part = (10 * part) + (uint)(b - '0');
                digits++;
                if (part > byte.MaxValue)
                {
                    return null;
                }
            }
            else if (b == '.' && digits > 0 && parts < 4)
            {
                bits = (bits << 8) | part;
                part = 0;
                digits = 0;
                parts++;
            }
            else
            {
                return null;
            }
        }

        return parts == 4 && digits > 0 ? new IpValue((bits << 8) | part, 32) : null;
    }

    private static IpValue? V6(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestV6 || text.IndexOfAnyExcept(V6Bytes) >= 0 || !IPAddress.TryParse(Encoding.ASCII.GetString(text), out IPAddress? address))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        return address.IsIPv4MappedToIPv6
            ? new IpValue(BinaryPrimitives.ReadUInt32BigEndian(address.MapToIPv4().GetAddressBytes()), 32)
            : address.TryWriteBytes(bytes, out int written) && written == 16 ? new IpValue(BinaryPrimitives.ReadUInt128BigEndian(bytes), 128) : null;
    }
}
