using System.Buffers;
using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary>Texts of events, as UTF-8 and decoded.</summary>
internal static class JsonStrings
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>The length of the escape that begins with a backslash here; 0 when it is none.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[1] == 'u')
        {
            return text.Length >= 6 && text[2..6].IndexOfAnyExcept(HexDigits) < 0 ? 6 : 0;
        }

        return "\"\\/bfnrt"u8.Contains(text[1]) ? 2 : 0;
    }

    /// <summary>A text without its escapes. Half of a surrogate pair becomes U+FFFD.</summary>
    /// <param name="text">Without its quotation marks; its escapes are good.</param>
    public static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var decoded = new byte[text.Length];
        int length = 0;
        while (!text.IsEmpty)
        {
            int escape = text.IndexOf((byte)'\\');
            int plain = escape < 0 ? text.Length : escape;
            text[..plain].CopyTo(decoded.AsSpan(length));
            length += plain;
            text = text[plain..];
            if (text.IsEmpty)
            {
                break;
            }

            if (text[1] != 'u')
            {
                decoded[length++] = text[1] switch { (byte)'b' => 8, (byte)'f' => 12, (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, _ => text[1] };
                text = text[2..];
                continue;
            }

            char unit = Unit(text);
            text = text[6..];
            Rune rune = Rune.ReplacementChar;
            if (!char.IsSurrogate(unit))
            {
                rune = new Rune(unit);
            }
            else if (char.IsHighSurrogate(unit) && text.StartsWith("\\u"u8) && char.IsLowSurrogate(Unit(text)))
            {
                rune = new Rune(unit, Unit(text));
                text = text[6..];
            }

            length += rune.EncodeToUtf8(decoded.AsSpan(length));
        }

        return decoded[..length];
    }

    private static char Unit(ReadOnlySpan<byte> escape)
    {
        int unit = 0;
        foreach (byte digit in escape[2..6])
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)unit;
    }
}
