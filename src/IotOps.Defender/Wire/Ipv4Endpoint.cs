namespace IotOps.Defender.Wire;

/// <summary>Reads <c>192.0.2.1:443</c> in one pass and without making a text of it: a report has a hundred of these.</summary>
internal static class Ipv4Endpoint
{
    private const int MaxPortDigits = 5;

    /// <summary>False for whatever is not just this, which may still be an endpoint.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out InternetAddress address, out int port)
    {
        address = default;
        port = 0;
        uint bits = 0;
        int dots = 0, part = 0, digits = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int digit = text[i] - '0';
            if (digit is >= 0 and <= 9)
            {
                if (digits == 3 || (digits == 1 && part == 0))
                {
                    return false;
                }

                part = (10 * part) + digit;
                digits++;
                continue;
            }

            if (digits == 0 || part > byte.MaxValue)
            {
                return false;
            }

            bits = (bits << 8) | (uint)part;
            (part, digits) = (0, 0);
            if (text[i] == '.' && dots < 3)
            {
                dots++;
                continue;
            }

            if (text[i] != ':' || dots != 3 || !TryPort(text[(i + 1)..], out port))
            {
                return false;
            }

            address = InternetAddress.FromIPv4(bits);
            return true;
        }

        return false;
    }

    private static bool TryPort(ReadOnlySpan<byte> text, out int port)
    {
        port = 0;
        if (text.Length is 0 or > MaxPortDigits)
        {
            return false;
        }

        foreach (byte one in text)
        {
            if (one is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            port = (10 * port) + one - '0';
        }

        return port is > 0 and <= 65_535;
    }
}
