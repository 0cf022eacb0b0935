using System.Collections.Frozen;
using System.Text.Json;
using IotOps.Detect.Evaluating;

namespace IotOps.Detect;

/// <summary>
/// How the whole fleet has behaved over the last completed days (UTC): what statistical thresholds rank, and how alarms say how the rest of the fleet
/// stands. It changes once a day, so that a datapoint that is judged twice is judged alike. Immutable.
/// </summary>
public sealed class FleetStatistics
{
    internal const string BehaviorsDocument = "statistics-behaviors";

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly FrozenDictionary<ulong, RankedValues> _values;
    private readonly FrozenDictionary<ulong, BehaviorTotals> _behaviors;
    private readonly int _needed;

    internal FleetStatistics(DateTimeOffset time, int day, Dictionary<ulong, RankedValues> values, Dictionary<ulong, BehaviorTotals> behaviors, int needed)
    {
        Time = time;
        Day = day;
        _values = values.ToFrozenDictionary();
        _behaviors = behaviors.ToFrozenDictionary();
        _needed = needed;
    }

    /// <summary>When the things were looked through.</summary>
    public DateTimeOffset Time { get; }

    internal int Day { get; }

    /// <summary>Reads what was stored last; null when nothing was.</summary>
    /// <param name="engine">Whose thresholds they are.</param>
    /// <param name="store">Where things and documents are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FleetStatistics?> LoadAsync(DetectEngine engine, IDetectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(store);
        if (await store.ReadDocumentAsync(BehaviorsDocument, cancellationToken).ConfigureAwait(false) is not { } behaviors)
        {
            return null;
        }

        List<DetectDocument> values = [];
        foreach (string name in engine.StatisticsDocuments)
        {
            if (await store.ReadDocumentAsync(name, cancellationToken).ConfigureAwait(false) is { } document)
            {
                values.Add(document);
            }
        }

        return StatisticsFormat.Read(behaviors, values, engine.StatisticsNeeded);
    }

    /// <summary>
    /// Looks through all things, stores what came of it and returns it; what another worker has stored within the last hour of the same day is taken
    /// instead. Meant to be called every hour.
    /// </summary>
    /// <param name="engine">Whose thresholds they are.</param>
    /// <param name="store">Where things and documents are.</param>
    /// <param name="now">The time. A day counts as completed ten minutes after its end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FleetStatistics> RefreshAsync(DetectEngine engine, IDetectStore store, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var builder = new StatisticsBuilder(engine ?? throw new ArgumentNullException(nameof(engine)), now);
        if (await LoadAsync(engine, store, cancellationToken).ConfigureAwait(false) is { } stored && stored.Day == builder.Day && now - stored.Time < MaxAge && now >= stored.Time)
        {
            return stored;
        }

        await foreach (DetectRecord record in store.ScanAsync(cancellationToken).ConfigureAwait(false))
        {
            builder.Add(record);
        }

        foreach ((string name, byte[] content) in builder.Build())
        {
            // Another worker may have made it at the same time, from the same records.
            DetectDocument? before = await store.ReadDocumentAsync(name, cancellationToken).ConfigureAwait(false);
            await store.WriteDocumentAsync(new DetectDocument(name, before?.Version ?? 0, content), cancellationToken).ConfigureAwait(false);
        }

        return builder.ToStatistics();
    }

    internal double? Threshold(ulong sketch, double percent) =>
        _values.TryGetValue(sketch, out RankedValues? values) && values.Total >= _needed ? values.Percentile(percent) : null;

    internal void WriteNeighbours(Utf8JsonWriter json, WatchedBehavior behavior)
    {
        bool hasTotals = _behaviors.TryGetValue(behavior.Key, out BehaviorTotals totals);
        bool hasValues = _values.TryGetValue(behavior.SketchKey, out RankedValues? values) && values.Total > 0;
        if (!hasTotals && !hasValues)
        {
            return;
        }

        json.WriteStartObject("neighbours"u8);
        json.WriteNumber("asOf"u8, Time.ToUnixTimeMilliseconds());
        if (hasTotals)
        {
            json.WriteNumber("things"u8, totals.Things);
            json.WriteNumber("inAlarm"u8, totals.InAlarm);
        }

        if (hasValues)
        {
            json.WriteNumber("datapoints"u8, values!.Total);
            json.WriteNumber("p50"u8, values.Percentile(50));
            json.WriteNumber("p90"u8, values.Percentile(90));
            json.WriteNumber("p99"u8, values.Percentile(99));
            json.WriteNumber("p100"u8, values.Percentile(100));
        }

        json.WriteEndObject();
    }
}
