using System.Buffers;

namespace IotOps.Defender.Validation;

/// <summary>
/// What a custom metric's name and values may be. Each check returns the rule that is broken, or null. See
/// https://docs.aws.amazon.com/iot-device-defender/latest/devguide/dd-detect-custom-metrics.html.
/// </summary>
internal static class CustomMetricRules
{
    private const int MaxNameLength = 128;
    private const int MaxDigits = 15;
    private const double FirstTooLarge = 1e15;
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Alphanumeric + ":_-");
    private static readonly SearchValues<char> StringCharacters = SearchValues.Create(Alphanumeric + ":_-/.");

    public static string? NameError(string name) => name switch
    {
        { Length: 0 or > MaxNameLength } => $"A custom metric's name has 1-{MaxNameLength} characters; '{Shown(name)}' has {name.Length}.",
        _ when name.AsSpan().ContainsAnyExcept(NameCharacters) => $"The custom metric's name '{name}' has a character other than a-z A-Z 0-9 : _ -",
        _ when name.StartsWith("aws:", StringComparison.Ordinal) => $"The custom metric's name '{name}' begins with 'aws:', which names the metrics of AWS.",
        _ => null,
    };

    public static string? StringError(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "A string of a string_list is empty; Device Defender drops it.";
        }

        return text.AsSpan().ContainsAnyExcept(StringCharacters)
            ? $"The string '{Shown(text)}' of a string_list has a character other than letters, digits and : _ - / . so that Device Defender drops it."
            : null;
    }

    public static string? NumberError(double value)
    {
        if (!double.IsFinite(value))
        {
            return $"A number is {value}; Device Defender takes finite numbers only.";
        }

        return Math.Abs(Round(value)) >= FirstTooLarge ? $"The number {value} has more than {MaxDigits} digits; Device Defender drops it." : null;
    }

    /// <summary>The nearest number that is written with 15 digits at most.</summary>
    public static double Round(double value)
    {
        double magnitude = Math.Abs(value);
        int decimals = MaxDigits - 1;
        for (double bound = 10; decimals > 0 && magnitude >= bound; bound *= 10)
        {
            decimals--;
        }

        return Math.Round(value, decimals);
    }

    private static string Shown(string text) => text.Length <= MaxNameLength ? text : string.Concat(text.AsSpan(0, MaxNameLength), "...");
}
