using System.Globalization;

namespace IotOps.Defender.Rules;

/// <summary>A percentile as Device Defender writes it: <c>p50</c>, <c>p99.9</c>.</summary>
internal static class Percentile
{
    public static bool TryParse(string text, out double percent)
    {
        percent = 0;
        return text.Length > 1 && text[0] == 'p'
            && double.TryParse(text.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percent)
            && percent is >= 0 and <= 100;
    }

    /// <summary>The value of nearest rank: the smallest that at least so many percent of all values do not exceed.</summary>
    public static double Of(ReadOnlySpan<double> values, double percent)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Clamp(rank - 1, 0, sorted.Length - 1)];
    }
}
