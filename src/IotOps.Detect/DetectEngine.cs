using IotOps.Detect.Evaluating;

namespace IotOps.Detect;

/// <summary>
/// Holds a fleet to its security profiles: takes a thing's state and what was said about it since, and returns its new state and the alarms that
/// began or ended. It has no clock and does nothing else, so that the same input gives the same alarms, with the same ids, as often as it is
/// evaluated. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Events may come twice, late and in any order. Reports are judged in the order of their ids; one whose predecessor seems to be missing waits for it
/// for <see cref="DetectEngineOptions.Patience"/>. What the cloud measures is counted in five minutes of the events' own time, and judged when these
/// are over for as long. See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/device-defender-detect.html.
/// </remarks>
public sealed class DetectEngine
{
    // What a thing remembers for the fleet goes first, the oldest day of it.
    private const int MostSketchBytes = 96 * 1024;

    // Evaluations are many and short: a thread's buffers serve the next one.
    [ThreadStatic]
    private static (StateWriter State, StateWriter Scratch)? _writers;

    private readonly DetectEngineOptions _options;
    private readonly Profiles _profiles;
    private readonly long _patience;
    private FleetStatistics? _statistics;

    /// <summary>Prepares the profiles.</summary>
    /// <exception cref="ArgumentException">A profile cannot be evaluated, or an option is out of range; the message names the behavior and the rule.</exception>
    public DetectEngine(DetectEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Patience < TimeSpan.FromSeconds(10) || options.Patience > TimeSpan.FromMinutes(10))
        {
            throw new ArgumentException($"{nameof(options.Patience)} is 10 s to 10 minutes, not {options.Patience}.", nameof(options));
        }

        if (options.StatisticsDays is < 1 or > 14)
        {
            throw new ArgumentException($"{nameof(options.StatisticsDays)} is 1-14, not {options.StatisticsDays}.", nameof(options));
        }

        if (options.StatisticsNeeded < 1)
        {
            throw new ArgumentException($"{nameof(options.StatisticsNeeded)} is 1 or more, not {options.StatisticsNeeded}.", nameof(options));
        }

        _options = options;
        _patience = (long)options.Patience.TotalMilliseconds;
        _profiles = new Profiles(options);
        StatisticsDocuments =
        [
            .. _profiles.All
                .Where(one => one.IsNumber && one.Cloud != CloudMetric.DisconnectDuration && (one.IsRetained || one.Test.Percent is not null))
                .Select(one => StatisticsFormat.NameOf(one.SketchKey))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>How the whole fleet has behaved; null until it is known, which leaves statistical thresholds unjudged.</summary>
    public FleetStatistics? Statistics
    {
        get => Volatile.Read(ref _statistics);
        set => Volatile.Write(ref _statistics, value);
    }

    internal IReadOnlyList<string> StatisticsDocuments { get; }

    internal TimeSpan Patience => _options.Patience;

    internal int StatisticsDays => _options.StatisticsDays;

    internal int StatisticsNeeded => _options.StatisticsNeeded;

    /// <summary>Evaluates a thing.</summary>
    /// <param name="record">What is remembered of it; null when nothing is.</param>
    /// <param name="thing">Its name, or of a client without a thing its client id.</param>
    /// <param name="events">What was said about it since; none when it is only due.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidDataException">The record's state is damaged, or was written by a later version.</exception>
    public DetectVerdict Evaluate(DetectRecord? record, string thing, IReadOnlyList<DetectEvent> events, DateTimeOffset now) =>
        Evaluate(record, thing, events, now, holdsWindows: false);

    /// <summary>Evaluates a thing.</summary>
    /// <param name="record">What is remembered of it; null when nothing is.</param>
    /// <param name="thing">Its name, or of a client without a thing its client id.</param>
    /// <param name="events">What was said about it since.</param>
    /// <param name="now">The time.</param>
    /// <param name="holdsWindows">
    /// Whether more events of times that are over are expected, as after an outage: then such times are judged by a later evaluation, for which the
    /// thing is due at once.
    /// </param>
    internal DetectVerdict Evaluate(DetectRecord? record, string thing, IReadOnlyList<DetectEvent> events, DateTimeOffset now, bool holdsWindows)
    {
        ArgumentException.ThrowIfNullOrEmpty(thing);
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlyMemory<byte> before = record?.State ?? default;
        var evaluation = new Evaluation(thing, _profiles.Of(thing), ThingState.Read(before), Statistics, now.ToUnixTimeMilliseconds(), _patience);
        WindowClosing.Begin(evaluation, _patience);
        foreach (DetectEvent one in events)
        {
            if (one is ReportEvent report)
            {
                ReportOrder.Take(evaluation, report, _patience);
            }
            else
            {
                EventWindows.Take(evaluation, one, _options.Sources);
            }
        }

        long? reportsDue = ReportOrder.Judge(evaluation);
        long? windowsDue = holdsWindows && WindowClosing.MayHold(evaluation) ? evaluation.Now : WindowClosing.Close(evaluation, _patience);
        long? due = evaluation.IsFull ? evaluation.Now : reportsDue is null || windowsDue < reportsDue ? windowsDue : reportsDue;
        return new DetectVerdict(
            Encode(evaluation, thing, before),
            due is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
            evaluation.Alarms,
            evaluation.Late,
            evaluation.Duplicates);
    }

    internal ProfileSet SetOf(string thing) => _profiles.Of(thing);

    private ReadOnlyMemory<byte> Encode(Evaluation evaluation, string thing, ReadOnlyMemory<byte> before)
    {
        (StateWriter writer, StateWriter scratch) = _writers ??= (new StateWriter(), new StateWriter());
        evaluation.State.Trim((int)(evaluation.Now / 86_400_000) - _options.StatisticsDays - 1, MostSketchBytes, scratch);
        evaluation.State.Write(writer, scratch);
        return writer.Written.Length > DetectRecord.MaxStateBytes
            ? throw new InvalidOperationException($"{thing} needs {writer.Written.Length} bytes of state, and has {DetectRecord.MaxStateBytes}: give it fewer behaviors, or behaviors with shorter lists.")
            : writer.Written.SequenceEqual(before.Span) ? before : writer.Written.ToArray();
    }
}
