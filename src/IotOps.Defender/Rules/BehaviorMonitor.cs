using System.Buffers;
using System.Text.Json;

namespace IotOps.Defender.Rules;

/// <summary>One behavior and how the device has behaved: in alarm or not, violations or normal datapoints in a row, earlier datapoints.</summary>
internal sealed class BehaviorMonitor
{
    private readonly CriteriaTest _test;
    private readonly DatapointWindow _window;
    private readonly int _historyLength;
    private readonly int _historyNeeded;
    private readonly List<double> _history = [];
    private int _streak;

    public BehaviorMonitor(Behavior behavior, int historyLength, int historyNeeded)
    {
        Behavior = behavior;
        Metric = MeasuredMetrics.Of(behavior.Metric) ?? throw new ArgumentException($"{behavior.Metric} is not measured on the device.", nameof(behavior));
        Json = ToJson(behavior);
        _test = new CriteriaTest(behavior.Criteria);
        _window = new DatapointWindow(behavior.Criteria.Duration, MeasuredMetrics.AddsUp(Metric));
        _historyLength = historyLength;
        _historyNeeded = historyNeeded;
    }

    public Behavior Behavior { get; }

    public MeasuredMetric Metric { get; }

    /// <summary>The behavior's text: the same text is the same behavior.</summary>
    public string Json { get; }

    /// <summary>The alarm's id while in alarm.</summary>
    public string? ViolationId { get; private set; }

    public int Streak => _streak;

    public IReadOnlyList<double> History => _history;

    /// <summary>Set once a measurement of another kind was seen, so that it is said only once.</summary>
    public bool MisfitTold { get; set; }

    public bool Fits(Measurement measurement) => _test.Fits(measurement);

    /// <summary>Takes a fitting measurement, and returns what it changed: an alarm's begin or end, or nothing.</summary>
    public ViolationEventType? Observe(Measurement measurement, TimeSpan? sinceLast, out Measurement datapoint)
    {
        datapoint = measurement;
        if (measurement.Number is { } number)
        {
            if (_window.Add(number, sinceLast) is not { } value)
            {
                return null;
            }

            datapoint = Measurement.Of(value);
            if (_test.NeedsHistory && !HasHistory(value))
            {
                return null;
            }
        }

        bool met = _test.IsMet(datapoint, HistoryBefore());
        return Count(isViolation: met == (Behavior.AlarmWhen == AlarmWhen.CriteriaMet));
    }

    /// <summary>The id of the alarm that just began or ended.</summary>
    public string Apply(ViolationEventType type, Func<string> newId)
    {
        string id = ViolationId ?? newId();
        ViolationId = type == ViolationEventType.InAlarm ? id : null;
        return id;
    }

    public void Restore(string? violationId, int streak, List<double> history)
    {
        ViolationId = violationId;
        _streak = streak;
        _history.Clear();
        _history.AddRange(history.Count > _historyLength ? history.GetRange(history.Count - _historyLength, _historyLength) : history);
    }

    private static string ToJson(Behavior behavior)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            BehaviorJson.Write(writer, behavior);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // Violations count while all is well, normal datapoints while in alarm; one of the other kind begins the count anew.
    private ViolationEventType? Count(bool isViolation)
    {
        bool inAlarm = ViolationId is not null;
        if (isViolation == inAlarm)
        {
            _streak = 0;
            return null;
        }

        BehaviorCriteria criteria = Behavior.Criteria;
        if (++_streak < (inAlarm ? criteria.ConsecutiveDatapointsToClear : criteria.ConsecutiveDatapointsToAlarm))
        {
            return null;
        }

        _streak = 0;
        return inAlarm ? ViolationEventType.AlarmCleared : ViolationEventType.InAlarm;
    }

    // The datapoint itself is the last one of the history, and is not ranked against itself.
    private bool HasHistory(double value)
    {
        if (_history.Count > _historyLength)
        {
            _history.RemoveAt(0);
        }

        _history.Add(value);
        return _history.Count > _historyNeeded;
    }

    private ReadOnlySpan<double> HistoryBefore() =>
        _test.NeedsHistory ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_history)[..^1] : default;
}
