using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace IotOps.Defender;

/// <summary>
/// An IPv4 or IPv6 address as a value: a machine has thousands of connections, and <see cref="IPAddress"/> would be an object for each.
/// An IPv4-mapped IPv6 address (<c>::ffff:10.0.0.1</c>) is the IPv4 address, because that is what a rule's CIDR means. Scope ids are dropped.
/// </summary>
public readonly record struct InternetAddress
{
    /// <summary>Characters of the longest address.</summary>
    public const int MaxLength = 45;

    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    private InternetAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>True for IPv4, also where the system wrote it as an IPv4-mapped IPv6 address.</summary>
    public bool IsIPv4 => _high == 0 && _low >> 32 == MappedPrefix >> 32;

    /// <summary>True for <c>0.0.0.0</c> and <c>::</c>, where a listener takes every address.</summary>
    public bool IsWildcard => _high == 0 && _low is 0 or MappedPrefix;

    /// <summary>The address of 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">The bytes are neither 4 nor 16.</exception>
    public static InternetAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new InternetAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException($"An address has 4 or 16 bytes, not {bytes.Length}.", nameof(bytes)),
    };

    /// <summary>The IPv4 address of these bits, the first byte highest.</summary>
    internal static InternetAddress FromIPv4(uint bits) => new(0, MappedPrefix | bits);

    /// <summary>All 128 bits: an IPv4 address lies in the mapped range.</summary>
    internal UInt128 Bits => new(_high, _low);

    /// <summary>The same address as <see cref="IPAddress"/> has it, without a scope id.</summary>
    public static InternetAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>Reads <c>192.0.2.1</c> or <c>2001:db8::1</c>; an address with a port, a prefix length or a short IPv4 form (<c>10.1</c>) is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InternetAddress address)
    {
        address = default;
        bool dotted = text.IndexOf(':') < 0;
        if (text.Length > MaxLength || text.ContainsAny('[', ']', '%') || (dotted && !IsDottedQuad(text)) || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        address = From(parsed);
        return true;
    }

    /// <summary>The same as <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static InternetAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out InternetAddress address) ? address : throw new FormatException($"'{text}' is no IPv4 or IPv6 address.");

    /// <summary>Writes the bytes in network order, 4 for IPv4 and 16 for IPv6, and returns how many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is too short.</exception>
    public int WriteBytes(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    /// <summary>The same address for .NET's own networking.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <summary>Writes the address as UTF-8 (IPv6 as RFC 5952 wants it) without allocating, and returns how many bytes; at most <see cref="MaxLength"/>.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public int Format(Span<byte> destination) => IsIPv4 ? FormatIPv4(destination) : FormatIPv6(destination);

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    // IPAddress also takes "10.1", "0x7f.1" and "1": valid to inet_aton, but never what Device Defender calls an IP.
    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        int parts = 0;
        while (true)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> part = dot < 0 ? text : text[..dot];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }

            parts++;
            if (dot < 0)
            {
                return parts == 4;
            }

            text = text[(dot + 1)..];
        }
    }

    private int FormatIPv4(Span<byte> destination)
    {
        int written = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            written += Decimal((byte)(_low >> shift), destination[written..]);
            if (shift > 0)
            {
                destination[written++] = (byte)'.';
            }
        }

        return written;
    }

    private int FormatIPv6(Span<byte> destination)
    {
        (int begin, int length) = LongestZeros();
        int written = 0;
        for (int group = 0; group < 8; group++)
        {
            if (group == begin)
            {
                destination[written++] = (byte)':';
                destination[written++] = (byte)':';
                group += length - 1;
                continue;
            }

            if (group > 0 && group != begin + length)
            {
                destination[written++] = (byte)':';
            }

            _ = System.Buffers.Text.Utf8Formatter.TryFormat(Group(group), destination[written..], out int digits, new System.Buffers.StandardFormat('x'));
            written += digits;
        }

        return written;
    }

    // RFC 5952: the longest run of two or more zero groups becomes "::", the first one of equals.
    private (int Begin, int Length) LongestZeros()
    {
        (int Begin, int Length) best = (-1, 1);
        for (int begin = 0; begin < 8; begin++)
        {
            int end = begin;
            while (end < 8 && Group(end) == 0)
            {
                end++;
            }

            if (end - begin > best.Length)
            {
                best = (begin, end - begin);
            }

            begin = Math.Max(begin, end - 1);
        }

        return best.Begin < 0 ? (-1, 0) : best;
    }

    private ushort Group(int index) => (ushort)((index < 4 ? _high : _low) >> (48 - (index % 4 * 16)));

    private static int Decimal(byte value, Span<byte> destination)
    {
        int written = 0;
        if (value >= 100)
        {
            destination[written++] = (byte)('0' + (value / 100));
        }

        if (value >= 10)
        {
            destination[written++] = (byte)('0' + (value / 10 % 10));
        }

        destination[written++] = (byte)('0' + (value % 10));
        return written;
    }
}
