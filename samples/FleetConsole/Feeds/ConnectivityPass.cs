using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Goes once over the lifecycle events of the store, in the order of their time, and over those that come behind them. For one caller at a time.</summary>
/// <param name="feed">The feed that the alarms are written for.</param>
/// <param name="reader">Where the events are.</param>
/// <param name="segments">Segments of things.</param>
/// <param name="clock">The clock of the tracker.</param>
/// <param name="watchAddresses">Whether a new address of a client is an anomaly.</param>
internal sealed class ConnectivityPass(string feed, IConsoleStore reader, SegmentRules segments, TimeProvider clock, bool watchAddresses)
{
    private const int MostSegments = 64;
    private static readonly TimeSpan Compared = TimeSpan.FromDays(14);

    // What was not seen again for so long is over; the page has it under its time all the same.
    private static readonly TimeSpan OverAfter = TimeSpan.FromHours(1);

    // AWS IoT delivers events out of order, within seconds: this is how long a late one is waited for.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(5);

    private readonly ConnectionTracker _tracker = new(new ConnectionTrackerOptions { TimeProvider = clock });
    private readonly List<ConnectivityAlarm> _open = [];
    private ConnectivityMonitor? _monitor;
    private LineKey? _after;

    /// <summary>Searches the next events, and writes alarms that are new, that grew and that are over; false when there were none.</summary>
    public async Task<bool> NextAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        if ((await reader.ReadStatusAsync(cancellationToken)).Newest is not { } newest)
        {
            return false;
        }

        // Files of last year are searched as well as events of today: the 14 days end with the newest event.
        IReadOnlyList<LifecycleRow> rows = await reader.ReadLifecycleAsync(new TimeRange(newest - Compared, newest - Lateness), _after, cancellationToken: cancellationToken);
        HashSet<ConnectivityAlarm> changed = [];
        if (rows.Count > 0)
        {
            _monitor ??= await MonitorAsync(progress, cancellationToken);
            changed = Search(_monitor, rows);
        }

        DateTimeOffset at = rows.Count > 0 ? rows[^1].Event.Time : newest;
        changed.UnionWith(_open.Where(alarm => IsOver(alarm, at)));
        if (changed.Count > 0)
        {
            // Against the newest event, not against the one that was reached: while a week is gone over, its alarms must not look as if they were of now.
            ConsoleFinding[] findings = [.. changed.Select(alarm => FindingConversion.Of(alarm, at, IsOver(alarm, newest)))];
            progress.Take(await store.AppendAsync(new ConsoleBatch { Feed = feed, Findings = findings }, cancellationToken));
            _open.RemoveAll(alarm => IsOver(alarm, at));
        }

        _after = rows.Count > 0 ? rows[^1].Key : _after;
        return rows.Count > 0;
    }

    private static bool IsOver(ConnectivityAlarm alarm, DateTimeOffset now) => alarm.Time + OverAfter < now;

    private HashSet<ConnectivityAlarm> Search(ConnectivityMonitor monitor, IReadOnlyList<LifecycleRow> rows)
    {
        // A drop of the fleet takes more devices while it lasts.
        HashSet<ConnectivityAlarm> changed = [.. _open.Where(alarm => alarm.Kind == ConnectivityAlarmKind.FleetDrop)];
        foreach (LifecycleRow row in rows)
        {
            if (_tracker.Apply(row.Event, row.Event.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
            {
                IReadOnlyList<ConnectivityAlarm> alarms = monitor.Add(row.Event);
                _open.AddRange(alarms);
                changed.UnionWith(alarms);
            }
        }

        return changed;
    }

    // The segments of the things that are known by now.
    private async Task<ConnectivityMonitor> MonitorAsync(FeedProgress progress, CancellationToken cancellationToken)
    {
        List<FleetThing> things = [];
        SortedDictionary<string, FleetSegment> found = new(StringComparer.Ordinal);
        await foreach (ThingFacts facts in reader.ReadThingsAsync(cancellationToken))
        {
            if (Read(facts, progress) is not { } thing)
            {
                continue;
            }

            things.Add(thing);
            foreach ((string name, FleetQuery query) in segments.Queries(thing))
            {
                found.TryAdd(name, new FleetSegment(name, query));
            }
        }

        var monitor = new ConnectivityMonitor(new ConnectivityMonitorOptions { Segments = [.. found.Values.Take(MostSegments)], WatchAddresses = watchAddresses });
        foreach (FleetThing thing in things)
        {
            monitor.Update(thing);
        }

        return monitor;
    }

    private static FleetThing? Read(ThingFacts facts, FeedProgress progress)
    {
        try
        {
            return FleetThing.Read(JsonElement.Parse(facts.Json));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            progress.Problem($"thing {facts.Name}: {e.Message}");
            return null;
        }
    }
}
