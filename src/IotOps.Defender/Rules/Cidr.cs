using System.Globalization;

namespace IotOps.Defender.Rules;

/// <summary>A network such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>; an address by itself is a network of one.</summary>
internal readonly struct Cidr
{
    private readonly UInt128 _network;
    private readonly UInt128 _mask;

    private Cidr(UInt128 network, UInt128 mask)
    {
        _network = network & mask;
        _mask = mask;
    }

    public static bool TryParse(string text, out Cidr cidr)
    {
        cidr = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!InternetAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out InternetAddress address))
        {
            return false;
        }

        // ::ffff:10.0.0.0/104 is IPv4's 10.0.0.0/8: prefix lengths of mapped addresses count from the IPv6 side.
        bool dotted = text.IndexOf(':', StringComparison.Ordinal) < 0;
        int longest = dotted ? 32 : 128;
        int length = longest;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > longest))
        {
            return false;
        }

        int prefix = dotted ? 96 + length : length;
        cidr = new Cidr(address.Bits, prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - prefix));
        return true;
    }

    // IPv4 lives in the mapped range, so 0.0.0.0/0 holds no IPv6 address; ::/0 holds everything.
    public bool Contains(InternetAddress address) => (address.Bits & _mask) == _network;
}
