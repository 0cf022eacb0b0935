namespace IotOps.Defender;

/// <summary>
/// A custom metric's value. Making one checks what Device Defender would drop in silence: numbers of at most 15 digits (no NaN, no infinity),
/// strings of letters, digits and <c>: _ - / .</c>.
/// </summary>
public sealed class CustomMetricValue
{
    private CustomMetricValue(CustomMetricType type) => Type = type;

    /// <summary>Which of the four it is.</summary>
    public CustomMetricType Type { get; }

    /// <summary>The number, or the numbers of the list; empty for the other types.</summary>
    public IReadOnlyList<double> Numbers { get; private init; } = [];

    /// <summary>The strings of the list; empty for the other types.</summary>
    public IReadOnlyList<string> Strings { get; private init; } = [];

    /// <summary>The addresses of the list; empty for the other types.</summary>
    public IReadOnlyList<InternetAddress> Addresses { get; private init; } = [];

    /// <summary>One number.</summary>
    public static CustomMetricValue Number(double value) => new(CustomMetricType.Number) { Numbers = [value] };

    /// <summary>A list of numbers.</summary>
    public static CustomMetricValue NumberList(IEnumerable<double> values) => new(CustomMetricType.NumberList) { Numbers = [.. values] };

    /// <summary>A list of strings.</summary>
    public static CustomMetricValue StringList(IEnumerable<string> values) => new(CustomMetricType.StringList) { Strings = [.. values] };

    /// <summary>A list of addresses.</summary>
    public static CustomMetricValue IpList(IEnumerable<InternetAddress> values) => new(CustomMetricType.IpList) { Addresses = [.. values] };
}
