using System.Buffers;
using System.Globalization;

namespace IotOps.Shared;

/// <summary>Times as people write them: a number and a unit.</summary>
internal static class Duration
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

    /// <summary>The shortest text that reads as this time.</summary>
    public static string Format(TimeSpan duration)
    {
        (string Unit, TimeSpan Length)[] units =
            [("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1))];
        foreach ((string unit, TimeSpan length) in units)
        {
            if (duration >= length && duration.Ticks % length.Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}");
            }
        }

        return duration == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");
    }
}
