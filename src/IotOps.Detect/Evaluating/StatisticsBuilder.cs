using System.Runtime.InteropServices;

namespace IotOps.Detect.Evaluating;

/// <summary>Adds up what the records of all things say about completed days.</summary>
internal sealed class StatisticsBuilder
{
    // 300 KiB of at most five bytes or so; half as exact when there are more.
    private const int MostValues = 40_000;

    // What was reported before midnight is judged by then.
    private static readonly TimeSpan Completed = TimeSpan.FromMinutes(10);

    private readonly DetectEngine _engine;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<ulong, SortedDictionary<int, long>> _values = [];
    private readonly Dictionary<ulong, BehaviorTotals> _behaviors = [];

    public StatisticsBuilder(DetectEngine engine, DateTimeOffset now)
    {
        _engine = engine;
        _now = now;
        Day = (int)((now - Completed).ToUnixTimeSeconds() / 86_400);
    }

    /// <summary>The day that is under way.</summary>
    public int Day { get; }

    /// <summary>Adds a thing. One whose record cannot be read costs only itself.</summary>
    public void Add(DetectRecord record)
    {
        try
        {
            Add(record.Thing, ThingState.Read(record.State));
        }
        catch (InvalidDataException)
        {
            // Its next evaluation says so.
        }
    }

    public IEnumerable<(string Name, byte[] Content)> Build()
    {
        foreach ((ulong key, SortedDictionary<int, long> values) in _values)
        {
            yield return (StatisticsFormat.NameOf(key), StatisticsFormat.Write(Sorted(values)));
        }

        // Last: with it the others count.
        yield return (FleetStatistics.BehaviorsDocument, StatisticsFormat.Write(_now, Day, _behaviors));
    }

    public FleetStatistics ToStatistics() =>
        new(_now, Day, _values.ToDictionary(one => one.Key, one => new RankedValues(Sorted(one.Value))), _behaviors, _engine.StatisticsNeeded);

    private void Add(string thing, ThingState state)
    {
        foreach (WatchedBehavior behavior in _engine.SetOf(thing).Behaviors)
        {
            if (!behavior.IsRetained)
            {
                ref BehaviorTotals totals = ref CollectionsMarshal.GetValueRefOrAddDefault(_behaviors, behavior.Key, out _);
                bool isInAlarm = state.Slots.Exists(slot => slot.Key == behavior.Key && slot.Alarm is not null);
                totals = new BehaviorTotals(totals.Things + 1, totals.InAlarm + (isInAlarm ? 1 : 0));
            }

            if (behavior.IsFeeder && state.Sketches.Find(one => one.Key == behavior.SketchKey) is { } sketch)
            {
                Add(sketch);
            }
        }
    }

    private void Add(Sketch sketch)
    {
        if (!_values.TryGetValue(sketch.Key, out SortedDictionary<int, long>? sum))
        {
            _values.Add(sketch.Key, sum = []);
        }

        foreach (SketchDay day in sketch.Days)
        {
            if (day.Day < Day && day.Day >= Day - _engine.StatisticsDays)
            {
                foreach ((int key, int count) in day.Values())
                {
                    sum[key] = sum.GetValueOrDefault(key) + count;
                }
            }
        }
    }

    private static List<(int Key, long Count)> Sorted(SortedDictionary<int, long> values)
    {
        List<(int Key, long Count)> sorted = [.. values.Select(one => (one.Key, one.Value))];
        for (int shift = 1; sorted.Count > MostValues; shift++)
        {
            sorted = [.. sorted.GroupBy(one => (one.Key >> shift) << shift).Select(group => (group.Key, group.Sum(one => one.Count)))];
        }

        return sorted;
    }
}
