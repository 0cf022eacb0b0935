using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary>
/// Numbers as EventBridge compares them: as IEEE doubles, and only those whose decimal text a double gives back exactly. Any other, such as
/// 0.30000000000000000001, is less a number than a text: it equals itself only.
/// </summary>
internal static class JsonNumbers
{
    private const int ExactDigits = 15;

    /// <summary>Whether bytes are a number by JSON's grammar.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        int at = text.StartsWith("-"u8) ? 1 : 0;
        int whole = Digits(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
        {
            return false;
        }

        at += whole;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = Digits(text, at + 1);
            if (fraction == 0)
            {
                return false;
            }

            at += 1 + fraction;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            int exponent = Digits(text, at);
            if (exponent == 0)
            {
                return false;
            }

            at += exponent;
        }

        return at == text.Length;
    }

    /// <summary>The double that a number is exactly; false when there is none.</summary>
    /// <param name="text">A number by JSON's grammar.</param>
    /// <param name="value">The double.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        if (!Utf8Parser.TryParse(text, out value, out int read) || read != text.Length || !double.IsFinite(value))
        {
            return false;
        }

        // Up to 15 digits survive the way to a double and back, unless the exponent is extreme.
        if (text.Length <= ExactDigits && text.IndexOfAny("eE"u8) < 0)
        {
            return true;
        }

        return Normal(text) is { } asked && asked == Normal(Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));
    }

    // Sign, digits without zeros at the ends, and the exponent that makes them the number.
    private static (bool IsNegative, string Digits, long Exponent)? Normal(ReadOnlySpan<byte> text)
    {
        bool isNegative = text.StartsWith("-"u8);
        text = isNegative ? text[1..] : text;
        int e = text.IndexOfAny("eE"u8);
        long exponent = 0;
        if (e >= 0)
        {
            if (!long.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > int.MaxValue)
            {
                return null;
            }

            text = text[..e];
        }

        int dot = text.IndexOf((byte)'.');
        string digits = Encoding.ASCII.GetString(text).Replace(".", "", StringComparison.Ordinal);
        exponent -= dot < 0 ? 0 : text.Length - dot - 1;
        int kept = digits.TrimEnd('0').Length;
        exponent += digits.Length - kept;
        digits = digits[..kept].TrimStart('0');
        return digits.Length == 0 ? (false, "", 0) : (isNegative, digits, exponent);
    }

    private static int Digits(ReadOnlySpan<byte> text, int start)
    {
        int count = text[start..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length - start : count;
    }
}
