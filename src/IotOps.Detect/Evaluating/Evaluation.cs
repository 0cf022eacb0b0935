using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>One evaluation of one thing: its state, what it is held to, and the alarms that come of it.</summary>
internal sealed class Evaluation
{
    /// <summary>Alarms that a change of the store takes.</summary>
    public const int MostAlarms = 25;

    private readonly string _thing;
    private readonly FleetStatistics? _statistics;
    private readonly BehaviorSlot[] _slots;
    private readonly List<StoredAlarm> _alarms = [];

    public Evaluation(string thing, ProfileSet set, ThingState state, FleetStatistics? statistics, long now, long patience)
    {
        _thing = thing;
        Set = set;
        State = state;
        Now = now;
        _statistics = statistics;
        _slots = Bind(WindowClosing.Bucket(now - patience));
    }

    public ProfileSet Set { get; }

    public ThingState State { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now { get; }

    public IReadOnlyList<StoredAlarm> Alarms => _alarms;

    public int Late { get; set; }

    public int Duplicates { get; set; }

    /// <summary>Whether there is more to judge than one change of the store has room for.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether the thing was held to a behavior then: five minutes that are judged late may be of before.</summary>
    public bool Held(int behavior, long bucket) => bucket >= _slots[behavior].FirstBucket;

    public ref BehaviorState StateOf(int behavior) => ref _slots[behavior].State;

    /// <summary>Whether all behaviors may raise or clear an alarm now; if not, the rest is judged in the next evaluation.</summary>
    public bool HasRoom()
    {
        IsFull |= _alarms.Count > 0 && _alarms.Count + Set.Behaviors.Length > MostAlarms;
        return !IsFull;
    }

    /// <summary>Whether a datapoint would count: as a violation while all is well, or as normal while in alarm.</summary>
    public bool WouldChange(int index, Measurement datapoint)
    {
        WatchedBehavior behavior = Set.Behaviors[index];
        return ThresholdOf(behavior, out double? threshold) && behavior.Test.IsViolation(datapoint, threshold) != _slots[index].State.IsInAlarm;
    }

    /// <summary>Remembers a datapoint for the fleet's statistics, holds it against the behavior, and raises or ends its alarm.</summary>
    public void Judge(int index, in Datapoint datapoint)
    {
        WatchedBehavior behavior = Set.Behaviors[index];
        if (behavior.IsFeeder && datapoint.Value.Number is { } number && (number > 0 || behavior.Cloud == CloudMetric.None))
        {
            // A time in which the cloud saw nothing is found long after: completed days must not change.
            SketchOf(behavior.SketchKey).Add((int)(datapoint.Time / 86_400_000), number);
        }

        if (behavior.IsRetained)
        {
            return;
        }

        if (!ThresholdOf(behavior, out double? threshold))
        {
            return;
        }

        BehaviorSlot slot = _slots[index];
        BehaviorState next = slot.State;
        ViolationEventType? type = behavior.Test.Count(ref next, behavior.Test.IsViolation(datapoint.Value, threshold));
        if (type is not null && _alarms.Count >= MostAlarms && !behavior.Behavior.SuppressAlerts)
        {
            // No room in this change: the next datapoint finds the same.
            return;
        }

        slot.State = next;
        if (type is { } changed)
        {
            Change(behavior, slot, changed, datapoint, threshold);
        }
    }

    private void Change(WatchedBehavior behavior, BehaviorSlot slot, ViolationEventType type, in Datapoint datapoint, double? threshold)
    {
        string id = slot.Alarm?.ViolationId ?? AlarmText.ViolationId(_thing, behavior, datapoint);
        slot.Alarm = type == ViolationEventType.InAlarm ? new RaisedAlarm(id, behavior.Profile, behavior.Json) : null;
        if (!behavior.Behavior.SuppressAlerts)
        {
            _alarms.Add(AlarmText.Changed(_thing, behavior, id, type, datapoint, threshold, _statistics));
        }
    }

    // A behavior that is the same to the letter stays as it was. Of the others an alarm that is on becomes invalid: the profile was detached,
    // changed or deleted.
    private BehaviorSlot[] Bind(long firstBucket)
    {
        var bound = new BehaviorSlot[Set.Keys.Length];
        List<BehaviorSlot> left = State.Slots;
        int next = 0;
        for (int i = 0; i < bound.Length; i++)
        {
            ulong key = Set.Keys[i];
            int at = next < left.Count && left[next].Key == key ? next : left.FindIndex(slot => slot.Key == key);
            bool isCloud = Set.Behaviors[i].Cloud != CloudMetric.None;
            if (at < 0)
            {
                bound[i] = new BehaviorSlot(key) { IsKept = isCloud, FirstBucket = isCloud ? firstBucket : 0 };
                continue;
            }

            bound[i] = left[at];
            bound[i].IsKept = isCloud;
            next = at + 1;
        }

        HashSet<ulong>? keys = null;
        List<BehaviorSlot> gone = left.FindAll(slot => !(keys ??= [.. Set.Keys]).Contains(slot.Key) && slot.Alarm is not null);
        State.Slots.Clear();
        State.Slots.AddRange(bound);
        foreach (BehaviorSlot slot in gone)
        {
            Invalidate(slot);
        }

        return bound;
    }

    private void Invalidate(BehaviorSlot slot)
    {
        if (_alarms.Count >= MostAlarms)
        {
            IsFull = true;
            State.Slots.Add(slot);
            return;
        }

        RaisedAlarm alarm = slot.Alarm!;
        Behavior behavior = Behavior.Parse(alarm.Behavior, MetricScope.Fleet);
        if (!behavior.SuppressAlerts)
        {
            _alarms.Add(AlarmText.Invalidated(_thing, alarm, behavior, Now));
        }
    }

    // False while the fleet has not said enough.
    private bool ThresholdOf(WatchedBehavior behavior, out double? threshold)
    {
        threshold = behavior.Test.Percent is { } percent ? _statistics?.Threshold(behavior.SketchKey, percent) : null;
        return behavior.Test.Percent is null || threshold is not null;
    }

    private Sketch SketchOf(ulong key)
    {
        if (State.Sketches.Find(one => one.Key == key) is { } found)
        {
            return found;
        }

        var sketch = new Sketch(key);
        State.Sketches.Add(sketch);
        return sketch;
    }
}
