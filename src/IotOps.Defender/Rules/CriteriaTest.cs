namespace IotOps.Defender.Rules;

/// <summary>A behavior's criteria, ready to be asked of measurements.</summary>
internal sealed class CriteriaTest
{
    private readonly ComparisonOperator _comparison;
    private readonly double? _threshold;
    private readonly double? _percent;
    private readonly double[]? _numbers;
    private readonly string[]? _strings;
    private readonly Cidr[]? _cidrs;

    /// <summary>Prepares criteria that <see cref="BehaviorCheck"/> has passed.</summary>
    public CriteriaTest(BehaviorCriteria criteria)
    {
        _comparison = criteria.ComparisonOperator;
        if (criteria.Statistic is { } statistic)
        {
            _ = Percentile.TryParse(statistic, out double percent);
            _percent = percent;
            return;
        }

        MetricValue value = criteria.Value!;
        _threshold = value.Count ?? value.Number;
        _strings = value.Strings is null ? null : [.. value.Strings];
        _numbers = value.Numbers is not null ? [.. value.Numbers] : value.Ports is null ? null : ToNumbers(value.Ports);
        _cidrs = value.Cidrs is null ? null : ToCidrs(value.Cidrs);
    }

    /// <summary>The percentile that gives the threshold, 0-100; null for criteria with a value of their own.</summary>
    public double? Percent => _percent;

    /// <summary>Whether the measurement is of the kind that the criteria are about.</summary>
    public bool Fits(Measurement measurement) =>
        BehaviorGrammar.IsOrdered(_comparison) ? measurement.Number is not null
        : _cidrs is not null ? measurement.AddressArray is not null
        : _strings is not null ? measurement.StringArray is not null
        : measurement.NumberArray is not null;

    /// <summary>Whether a fitting measurement meets the criteria. Of an empty list everything is true.</summary>
    /// <param name="measurement">What was measured.</param>
    /// <param name="threshold">What the percentile is, for criteria that need it.</param>
    public bool IsMet(Measurement measurement, double? threshold)
    {
        if (measurement.Number is { } number)
        {
            return Compare(number, _threshold ?? threshold!.Value);
        }

        bool forbidden = BehaviorGrammar.Forbids(_comparison);
        if (measurement.AddressArray is { } addresses)
        {
            return AreIn(addresses, _cidrs!, !forbidden);
        }

        return measurement.StringArray is { } strings
            ? Array.TrueForAll(strings, item => Array.IndexOf(_strings!, item) >= 0 != forbidden)
            : Array.TrueForAll(measurement.NumberArray!, item => Array.IndexOf(_numbers!, item) >= 0 != forbidden);
    }

    // A loop, because a report has a hundred addresses and a call for each pair would be most of the time.
    private static bool AreIn(InternetAddress[] addresses, Cidr[] cidrs, bool expected)
    {
        foreach (InternetAddress address in addresses)
        {
            bool isIn = false;
            for (int i = 0; i < cidrs.Length && !isIn; i++)
            {
                isIn = cidrs[i].Contains(address);
            }

            if (isIn != expected)
            {
                return false;
            }
        }

        return true;
    }

    private bool Compare(double number, double threshold) => _comparison switch
    {
        ComparisonOperator.LessThan => number < threshold,
        ComparisonOperator.LessThanEquals => number <= threshold,
        ComparisonOperator.GreaterThan => number > threshold,
        _ => number >= threshold,
    };

    private static double[] ToNumbers(IReadOnlyList<int> ports)
    {
        double[] numbers = new double[ports.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ports[i];
        }

        return numbers;
    }

    private static Cidr[] ToCidrs(IReadOnlyList<string> texts)
    {
        var cidrs = new Cidr[texts.Count];
        for (int i = 0; i < cidrs.Length; i++)
        {
            _ = Cidr.TryParse(texts[i], out cidrs[i]);
        }

        return cidrs;
    }
}
