using IotOps.Defender.Validation;

namespace IotOps.Defender;

/// <summary>
/// A custom metric's value. Making one checks what Device Defender would drop in silence: numbers of at most 15 digits (no NaN, no infinity),
/// strings of letters, digits and <c>: _ - / .</c>. Immutable.
/// </summary>
/// <remarks>
/// A number is rounded to what 15 digits hold: an average such as 33.333333333333336 is sent as 33.3333333333333, and what is nearer to
/// zero than 14 decimals can say as 0. Only what has more than 15 digits before the point is an error. See
/// https://docs.aws.amazon.com/iot-device-defender/latest/devguide/dd-detect-custom-metrics.html.
/// </remarks>
public sealed class CustomMetricValue
{
    private readonly double[] _numbers = [];
    private readonly string[] _strings = [];
    private readonly InternetAddress[] _addresses = [];

    private CustomMetricValue(double number)
    {
        Type = CustomMetricType.Number;
        Single = number;
    }

    private CustomMetricValue(double[] numbers)
    {
        Type = CustomMetricType.NumberList;
        _numbers = numbers;
    }

    private CustomMetricValue(string[] strings)
    {
        Type = CustomMetricType.StringList;
        _strings = strings;
    }

    private CustomMetricValue(InternetAddress[] addresses)
    {
        Type = CustomMetricType.IpList;
        _addresses = addresses;
    }

    /// <summary>Which of the four it is.</summary>
    public CustomMetricType Type { get; }

    /// <summary>The number, or the numbers of the list; empty for the other types.</summary>
    public IReadOnlyList<double> Numbers => Type == CustomMetricType.Number ? [Single] : _numbers;

    /// <summary>The strings of the list; empty for the other types.</summary>
    public IReadOnlyList<string> Strings => _strings;

    /// <summary>The addresses of the list; empty for the other types.</summary>
    public IReadOnlyList<InternetAddress> Addresses => _addresses;

    internal double Single { get; }

    internal ReadOnlySpan<double> NumberSpan => _numbers;

    internal ReadOnlySpan<string> StringSpan => _strings;

    internal ReadOnlySpan<InternetAddress> AddressSpan => _addresses;

    /// <summary>One number.</summary>
    /// <exception cref="ArgumentException">It is NaN, infinite, or has more than 15 digits before the point.</exception>
    public static CustomMetricValue Number(double value) => new(Checked(value));

    /// <summary>A list of numbers.</summary>
    /// <exception cref="ArgumentException">One is NaN, infinite, or has more than 15 digits before the point.</exception>
    public static CustomMetricValue NumberList(IEnumerable<double> values)
    {
        double[] numbers = [.. values];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Checked(numbers[i]);
        }

        return new CustomMetricValue(numbers);
    }

    /// <summary>A list of strings.</summary>
    /// <exception cref="ArgumentException">One is empty, or has a character other than letters, digits and <c>: _ - / .</c>.</exception>
    public static CustomMetricValue StringList(IEnumerable<string> values)
    {
        string[] strings = [.. values];
        foreach (string text in strings)
        {
            if (CustomMetricRules.StringError(text) is { } error)
            {
                throw new ArgumentException(error, nameof(values));
            }
        }

        return new CustomMetricValue(strings);
    }

    /// <summary>A list of addresses.</summary>
    public static CustomMetricValue IpList(IEnumerable<InternetAddress> values) => new([.. values]);

    private static double Checked(double value) =>
        CustomMetricRules.NumberError(value) is { } error ? throw new ArgumentException(error, nameof(value)) : CustomMetricRules.Round(value);
}
