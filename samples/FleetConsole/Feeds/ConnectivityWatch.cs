using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// Finds what is unusual about connections, from the events in the store, whichever console brought them. When it is run again it goes over the 14 days
/// that are compared with once more, and finds the same alarms under the same keys.
/// </summary>
/// <param name="reader">Where the events are.</param>
/// <param name="segments">Segments of things.</param>
/// <param name="clock">The clock of the waits.</param>
/// <param name="watchAddresses">Whether a new address of a client is an anomaly.</param>
internal sealed class ConnectivityWatch(IConsoleStore reader, SegmentRules segments, TimeProvider clock, bool watchAddresses = true) : IFeed
{
    private const int MostSegments = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Compared = TimeSpan.FromDays(14);
    private static readonly TimeSpan OverAfter = TimeSpan.FromHours(1);

    // AWS IoT delivers events out of order, within seconds: this is how long a late one is waited for.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(5);

    public string Name => "connectivity";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        var tracker = new ConnectionTracker(new ConnectionTrackerOptions { TimeProvider = clock });
        ConnectivityMonitor? monitor = null;
        List<ConnectivityAlarm> open = [];
        LineKey? after = null;
        while (true)
        {
            // An empty store has no latest event.
            DateTimeOffset newest = (await reader.ReadStatusAsync(cancellationToken)).Newest ?? DateTimeOffset.UnixEpoch;
            TimeRange range = new(clock.GetUtcNow() - Compared, newest - Lateness);
            IReadOnlyList<LifecycleRow> rows = range.Length > TimeSpan.Zero ? await reader.ReadLifecycleAsync(range, after, cancellationToken: cancellationToken) : [];
            if (rows.Count == 0)
            {
                await CloseAsync(store, open, newest, progress, cancellationToken);
                await Task.Delay(Interval, clock, cancellationToken);
                continue;
            }

            monitor ??= await MonitorAsync(cancellationToken);
            HashSet<ConnectivityAlarm> changed = [];
            foreach (LifecycleRow row in rows)
            {
                foreach (ConnectivityAlarm drop in open.Where(alarm => alarm.Kind == ConnectivityAlarmKind.FleetDrop))
                {
                    changed.Add(drop);
                }

                if (tracker.Apply(row.Event, row.Event.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
                {
                    IReadOnlyList<ConnectivityAlarm> alarms = monitor.Add(row.Event);
                    open.AddRange(alarms);
                    changed.UnionWith(alarms);
                }
            }

            after = rows[^1].Key;
            DateTimeOffset at = rows[^1].Event.Time;
            if (changed.Count > 0)
            {
                progress.Take(await store.AppendAsync(new ConsoleBatch { Feed = Name, Findings = [.. changed.Select(alarm => FindingConversion.Of(alarm, at, isOver: false))] }, cancellationToken));
            }

            await CloseAsync(store, open, at, progress, cancellationToken);
        }
    }

    // What was not seen again for an hour is over; the page has it under its time all the same.
    private async Task CloseAsync(IConsoleWriter store, List<ConnectivityAlarm> open, DateTimeOffset now, FeedProgress progress, CancellationToken cancellationToken)
    {
        ConnectivityAlarm[] over = [.. open.Where(alarm => alarm.Time + OverAfter < now)];
        if (over.Length > 0)
        {
            open.RemoveAll(over.Contains);
            progress.Take(await store.AppendAsync(
                new ConsoleBatch { Feed = Name, Findings = [.. over.Select(alarm => FindingConversion.Of(alarm, now, isOver: true))] }, cancellationToken));
        }
    }

    // The segments of the things that are known by now.
    private async Task<ConnectivityMonitor> MonitorAsync(CancellationToken cancellationToken)
    {
        List<FleetThing> things = [];
        SortedDictionary<string, FleetSegment> found = new(StringComparer.Ordinal);
        await foreach (ThingFacts facts in reader.ReadThingsAsync(cancellationToken))
        {
            FleetThing thing = FleetThing.Read(JsonElement.Parse(facts.Json));
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
}
