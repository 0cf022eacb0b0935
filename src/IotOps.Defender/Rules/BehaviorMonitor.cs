using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IotOps.Defender.Rules;

/// <summary>One behavior and how the device has behaved: in alarm or not, violations or normal datapoints in a row, earlier datapoints.</summary>
internal sealed class BehaviorMonitor
{
    private readonly BehaviorTest _test;
    private readonly int _historyLength;
    private readonly int _historyNeeded;
    private readonly List<double> _history = [];
    private BehaviorState _state;

    public BehaviorMonitor(Behavior behavior, int historyLength, int historyNeeded)
    {
        _test = new BehaviorTest(behavior);
        Json = ToJson(behavior);
        _historyLength = historyLength;
        _historyNeeded = historyNeeded;
    }

    public Behavior Behavior => _test.Behavior;

    public MeasuredMetric Metric => _test.Metric;

    /// <summary>The behavior's text: the same text is the same behavior.</summary>
    public string Json { get; }

    /// <summary>The alarm's id while in alarm.</summary>
    public string? ViolationId { get; private set; }

    public int Streak => _state.Streak;

    public IReadOnlyList<double> History => _history;

    /// <summary>Set once a measurement of another kind was seen, so that it is said only once.</summary>
    public bool MisfitTold { get; set; }

    public bool Fits(Measurement measurement) => _test.Fits(measurement);

    /// <summary>Takes a fitting measurement, and returns what it changed: an alarm's begin or end, or nothing.</summary>
    public ViolationEventType? Observe(Measurement measurement, TimeSpan? sinceLast, out Measurement datapoint)
    {
        datapoint = measurement;
        if (_test.Gather(ref _state, measurement, sinceLast) is not { } gathered)
        {
            return null;
        }

        datapoint = gathered;
        double? threshold = null;
        if (_test.Percent is { } percent)
        {
            if (!HasHistory(gathered.Number!.Value))
            {
                return null;
            }

            // The datapoint itself is the last one of the history, and is not ranked against itself.
            threshold = Percentile.Of(CollectionsMarshal.AsSpan(_history)[..^1], percent);
        }

        return _test.Count(ref _state, _test.IsViolation(gathered, threshold));
    }

    /// <summary>A report leaves the metric out.</summary>
    public void Pass(TimeSpan? sinceLast) => BehaviorTest.Pass(ref _state, sinceLast);

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
        _state = _state with { IsInAlarm = violationId is not null, Streak = streak };
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

    private bool HasHistory(double value)
    {
        if (_history.Count > _historyLength)
        {
            _history.RemoveAt(0);
        }

        _history.Add(value);
        return _history.Count > _historyNeeded;
    }
}
