using System.Buffers;
using System.Globalization;

namespace IotOps.Samples.Configuration;

/// <summary>Times as people write them: a number and a unit.</summary>
public static class Duration
{
    /// <summary>What a message shows.</summary>
    public const string Examples = "'300ms', '5s', '1m' or '2h'";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads <c>0</c>, <c>300ms</c>, <c>5s</c>, <c>1.5m</c>, <c>2h</c>, <c>1d</c>: never negative, at most 10,000 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);

        duration = default;
        if (text is "0")
        {
            return true;
        }

        int digits = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        if (digits <= 0
            || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }

        double seconds = text[digits..] switch
        {
            "ms" => number / 1000,
            "s" => number,
            "m" => number * 60,
            "h" => number * 3600,
            "d" => number * 86400,
            _ => double.NaN,
        };
        if (double.IsNaN(seconds) || seconds > 10_000 * 86400.0)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
