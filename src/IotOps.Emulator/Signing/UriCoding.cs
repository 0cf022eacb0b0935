using System.Text;

namespace IotOps.Emulator.Signing;

/// <summary>Percent-coding as Signature Version 4 defines it: everything but A-Z a-z 0-9 - . _ ~, in upper-case hexadecimal.</summary>
internal static class UriCoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>Encodes; slashes stay when <paramref name="keepSlash"/>.</summary>
    public static string Encode(string value, bool keepSlash = false)
    {
        var encoded = new StringBuilder(value.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            if (Unreserved.Contains((char)b, StringComparison.Ordinal) || (keepSlash && b == '/'))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(b.ToString("X2"));
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes; what is no valid escape stays as it is.</summary>
    public static string Decode(string value, bool plusIsSpace = false)
    {
        if (!value.Contains('%', StringComparison.Ordinal) && !(plusIsSpace && value.Contains('+', StringComparison.Ordinal)))
        {
            return value;
        }

        byte[] source = Encoding.UTF8.GetBytes(value);
        byte[] decoded = new byte[source.Length];
        int length = 0;
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && char.IsAsciiHexDigit((char)source[i + 1]) && char.IsAsciiHexDigit((char)source[i + 2]))
            {
                decoded[length++] = (byte)((HexDigit(source[i + 1]) << 4) | HexDigit(source[i + 2]));
                i += 2;
            }
            else
            {
                decoded[length++] = plusIsSpace && source[i] == '+' ? (byte)' ' : source[i];
            }
        }

        return Encoding.UTF8.GetString(decoded, 0, length);
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
