using IotOps.Defender.Rules;

namespace IotOps.Defender;

/// <summary>
/// A behavior, ready to be held against measurements: what <see cref="SecurityProfileEvaluator"/> does with each report, for callers that keep the
/// <see cref="BehaviorState"/> of many devices themselves. Immutable.
/// </summary>
/// <remarks>
/// A measurement becomes a datapoint (<see cref="Gather"/>), a datapoint a violation or not (<see cref="IsViolation"/>), and so many of them in a row
/// an alarm's beginning or end (<see cref="Count"/>).
/// </remarks>
public sealed class BehaviorTest
{
    private readonly CriteriaTest _criteria;
    private readonly MeasuredMetric _metric;
    private readonly bool _addsUp;

    /// <summary>Prepares a behavior.</summary>
    /// <param name="behavior">The behavior.</param>
    /// <param name="scope">Which metrics are measured.</param>
    /// <exception cref="ArgumentException">It cannot be evaluated; the message names the member and the rule.</exception>
    public BehaviorTest(Behavior behavior, MetricScope scope = MetricScope.Device)
    {
        ArgumentNullException.ThrowIfNull(behavior);
        if (BehaviorCheck.Problem(behavior, scope) is { } problem)
        {
            throw new ArgumentException(problem, nameof(behavior));
        }

        Behavior = behavior;
        _metric = MeasuredMetrics.Of(behavior.Metric, scope)!.Value;
        _addsUp = MeasuredMetrics.AddsUp(_metric);
        _criteria = new CriteriaTest(behavior.Criteria);
    }

    /// <summary>The behavior.</summary>
    public Behavior Behavior { get; }

    /// <summary>The percentile that gives the threshold, 0-100; null for criteria with a value of their own.</summary>
    public double? Percent => _criteria.Percent;

    internal MeasuredMetric Metric => _metric;

    /// <summary>What a report says about the metric; null when it leaves it out, or when the device does not measure it.</summary>
    public Measurement? Measure(DefenderReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Measurement.Read(report, _metric, Behavior.Metric);
    }

    /// <summary>Whether a measurement is of the kind that the criteria are about: a custom metric may be of another type.</summary>
    public bool Fits(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return _criteria.Fits(measurement);
    }

    /// <summary>
    /// Turns reports' measurements into datapoints: one each, or one for every so many seconds. Such windows follow each other without overlap, so
    /// that "three datapoints in a row" are three times the duration.
    /// </summary>
    /// <param name="state">Where the device stands; its window is moved on.</param>
    /// <param name="measurement">What a report says; must fit.</param>
    /// <param name="sinceLast">Time since the report before; null for the first.</param>
    /// <returns>The datapoint; null while the window is open.</returns>
    public Measurement? Gather(ref BehaviorState state, Measurement measurement, TimeSpan? sinceLast)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        TimeSpan duration = Behavior.Criteria.Duration;
        if (duration == TimeSpan.Zero || measurement.Number is not { } number)
        {
            return measurement;
        }

        if (sinceLast is not { } period || state.Elapsed is not { } elapsed)
        {
            // What the first report counts came before the window.
            state.Elapsed ??= TimeSpan.Zero;
            return null;
        }

        elapsed += period;
        double sum = state.Sum + number;

        // Reports come with jitter: the window closes with the report that is nearest to its end.
        if (elapsed + (period / 2) < duration)
        {
            (state.Elapsed, state.Sum) = (elapsed, sum);
            return null;
        }

        (state.Elapsed, state.Sum) = (TimeSpan.Zero, 0);
        return _addsUp ? Measurement.Of(sum) : measurement;
    }

    /// <summary>Time passes for an open window with a report that leaves the metric out: what the next one measures is of a longer time.</summary>
    /// <param name="state">Where the device stands; its window is moved on.</param>
    /// <param name="sinceLast">Time since the report before; null for the first.</param>
    public static void Pass(ref BehaviorState state, TimeSpan? sinceLast)
    {
        if (state.Elapsed is { } elapsed && sinceLast is { } period)
        {
            state.Elapsed = elapsed + period;
        }
    }

    /// <summary>Whether a datapoint violates the behavior. An empty list meets every criterion.</summary>
    /// <param name="datapoint">The datapoint; must fit.</param>
    /// <param name="threshold">The value of the percentile, for a behavior with <see cref="Percent"/>.</param>
    /// <exception cref="ArgumentException">The threshold is missing.</exception>
    public bool IsViolation(Measurement datapoint, double? threshold = null)
    {
        ArgumentNullException.ThrowIfNull(datapoint);
        if (_criteria.Percent is not null && threshold is null)
        {
            throw new ArgumentException($"'{Behavior.Name}' has a statisticalThreshold, whose value is missing.", nameof(threshold));
        }

        return _criteria.IsMet(datapoint, threshold) == (Behavior.AlarmWhen == AlarmWhen.CriteriaMet);
    }

    /// <summary>Counts a datapoint, and returns whether the alarm begins or ends with it; null for neither.</summary>
    /// <param name="state">Where the device stands; moved on.</param>
    /// <param name="isViolation">What the datapoint is.</param>
    public ViolationEventType? Count(ref BehaviorState state, bool isViolation)
    {
        // Violations count while all is well, normal datapoints while in alarm; one of the other kind begins the count again.
        if (isViolation == state.IsInAlarm)
        {
            state.Streak = 0;
            return null;
        }

        BehaviorCriteria criteria = Behavior.Criteria;
        if (++state.Streak < (state.IsInAlarm ? criteria.ConsecutiveDatapointsToClear : criteria.ConsecutiveDatapointsToAlarm))
        {
            return null;
        }

        state.Streak = 0;
        state.IsInAlarm = !state.IsInAlarm;
        return state.IsInAlarm ? ViolationEventType.InAlarm : ViolationEventType.AlarmCleared;
    }

    /// <summary>
    /// The items of a list that violate the behavior, each on its own; null for a number, and where the list as a whole does
    /// (<see cref="AlarmWhen.CriteriaMet"/>).
    /// </summary>
    /// <param name="datapoint">The datapoint; must fit.</param>
    public Measurement? Offenders(Measurement datapoint)
    {
        ArgumentNullException.ThrowIfNull(datapoint);
        return datapoint.Number is not null || Behavior.AlarmWhen == AlarmWhen.CriteriaMet ? null
            : datapoint.AddressArray is { } addresses ? Measurement.OfAddresses(Array.FindAll(addresses, one => Violates(Measurement.OfAddresses([one]))))
            : datapoint.StringArray is { } strings ? Measurement.OfStrings(Array.FindAll(strings, one => Violates(Measurement.OfStrings([one]))))
            : Measurement.OfNumbers(Array.FindAll(datapoint.NumberArray!, one => Violates(Measurement.OfNumbers([one]))));
    }

    /// <summary>A measurement as an event shows it: a count for what is counted, else a number, ports, CIDRs, numbers or strings.</summary>
    public MetricValue ToValue(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return measurement.ToValue(_metric);
    }

    private bool Violates(Measurement item) => !_criteria.IsMet(item, threshold: null);
}
