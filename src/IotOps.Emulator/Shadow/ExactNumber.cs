using System.Globalization;
using System.Numerics;

namespace IotOps.Emulator.Shadow;

/// <summary>A number of JSON, exactly: equal to every other spelling of it, and to nothing else.</summary>
/// <param name="Digits">A whole number that does not end in zero, or zero.</param>
/// <param name="Power">The power of ten to multiply it with.</param>
internal readonly record struct ExactNumber(BigInteger Digits, BigInteger Power)
{
    /// <summary>Reads a number as JSON spells it.</summary>
    public static ExactNumber Parse(string text)
    {
        int e = text.AsSpan().IndexOfAny('e', 'E');
        string mantissa = e < 0 ? text : text[..e];
        BigInteger power = e < 0 ? 0 : BigInteger.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        int fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        string significant = digits.TrimEnd('0');
        var value = BigInteger.Parse(significant is "" or "-" ? "0" : significant, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return value.IsZero ? default : new ExactNumber(value, power - fraction + (digits.Length - significant.Length));
    }
}
