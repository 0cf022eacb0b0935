using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Working;

/// <summary>Reads records, evaluates, and commits; again for those that another worker changed in between.</summary>
internal sealed class ThingRounds(IDetectStore store, Evaluate evaluate, TimeProvider time, WorkerMetrics metrics, ILogger logger)
{
    // Two workers that have the same thing in hand take turns; a thing that is contended for so long is left to its messages' next delivery.
    private const int MaxRounds = 8;

    /// <summary>Evaluates things, and returns those that failed: nothing of these was committed.</summary>
    public async Task<HashSet<string>> RunAsync(IReadOnlyDictionary<string, List<DetectEvent>> events, CancellationToken cancellationToken)
    {
        HashSet<string> failed = new(StringComparer.Ordinal);
        HashSet<string> left = new(events.Keys, StringComparer.Ordinal);
        for (int round = 0; left.Count > 0 && round < MaxRounds; round++)
        {
            Dictionary<string, DetectRecord> records = (await store.ReadAsync(left, cancellationToken).ConfigureAwait(false))
                .ToDictionary(record => record.Thing, StringComparer.Ordinal);
            Dictionary<string, DetectVerdict> verdicts = Verdicts(left, events, records, failed);
            HashSet<string> refused = new(await CommitAsync(records, verdicts, events, cancellationToken).ConfigureAwait(false), StringComparer.Ordinal);
            foreach ((string thing, DetectVerdict verdict) in verdicts)
            {
                if (!refused.Contains(thing))
                {
                    metrics.Committed(verdict);
                }
            }

            metrics.Conflicts(refused.Count);
            left = refused;
        }

        if (left.Count > 0)
        {
            WorkerLog.Contended(logger, left.Count);
            failed.UnionWith(left);
        }

        metrics.Failed(failed.Count);
        return failed;
    }

    private Dictionary<string, DetectVerdict> Verdicts(
        HashSet<string> things,
        IReadOnlyDictionary<string, List<DetectEvent>> events,
        Dictionary<string, DetectRecord> records,
        HashSet<string> failed)
    {
        DateTimeOffset now = time.GetUtcNow();
        Dictionary<string, DetectVerdict> verdicts = new(things.Count, StringComparer.Ordinal);
        foreach (string thing in things)
        {
            try
            {
                verdicts[thing] = evaluate(records.GetValueOrDefault(thing), thing, events[thing], now);
            }
#pragma warning disable CA1031 // Whatever one thing's events lead to costs that thing only.
            catch (Exception e)
#pragma warning restore CA1031
            {
                WorkerLog.NotEvaluated(logger, thing, e);
                failed.Add(thing);
            }
        }

        return verdicts;
    }

    private Task<IReadOnlyList<string>> CommitAsync(
        Dictionary<string, DetectRecord> records,
        Dictionary<string, DetectVerdict> verdicts,
        IReadOnlyDictionary<string, List<DetectEvent>> events,
        CancellationToken cancellationToken)
    {
        List<DetectChange> changes = [];
        foreach ((string thing, DetectVerdict verdict) in verdicts)
        {
            DetectRecord? record = records.GetValueOrDefault(thing);

            // Repetitions change nothing and cost no write. A thing without events was due: when it is due next has to be written.
            bool isSame = record is null ? verdict.State.IsEmpty : record.State.Span.SequenceEqual(verdict.State.Span);
            if (!isSame || verdict.Alarms.Count > 0 || events[thing].Count == 0)
            {
                changes.Add(new DetectChange(thing, record?.Version ?? 0, verdict.State, verdict.DueAt, verdict.Alarms));
            }
        }

        return changes.Count > 0 ? store.CommitAsync(changes, cancellationToken) : Task.FromResult<IReadOnlyList<string>>([]);
    }
}
