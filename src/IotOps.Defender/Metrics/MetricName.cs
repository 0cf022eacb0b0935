namespace IotOps.Defender.Metrics;

/// <summary>The rule for custom metric names.</summary>
internal static class MetricName
{
    private const int MaxLength = 128;
    private const string Reserved = "aws:";

    /// <exception cref="ArgumentException">The name breaks a rule.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '_' or '-'))
            {
                throw new ArgumentException($"The custom metric name '{name}' has '{c}' in it; it is 1-128 of a-z A-Z 0-9 : _ -", nameof(name));
            }
        }

        if (name.Length is 0 or > MaxLength)
        {
            throw new ArgumentException($"The custom metric name '{name}' has {name.Length} characters; it is 1-128 of a-z A-Z 0-9 : _ -", nameof(name));
        }

        if (name.StartsWith(Reserved, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The custom metric name '{name}' begins with '{Reserved}', which is AWS's own; use another.", nameof(name));
        }
    }
}
