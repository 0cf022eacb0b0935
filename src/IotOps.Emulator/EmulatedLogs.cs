using System.Text;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs;

namespace IotOps.Emulator;

/// <summary>What the emulator's CloudWatch Logs holds, for a test to look at and to tamper with. Thread-safe.</summary>
public sealed class EmulatedLogs
{
    private readonly LogStore _store;
    private readonly RecentItems<PutLogEventsCall> _calls;

    internal EmulatedLogs(LogStore store, RecentItems<PutLogEventsCall> calls)
    {
        _store = store;
        _calls = calls;
    }

    /// <summary>Ends answers that would go on for hours.</summary>
    internal void Stop() => _store.Tails.Dispose();

    /// <summary>Names of the log groups, sorted.</summary>
    public IReadOnlyList<string> Groups => [.. _store.Groups.Select(g => g.Name)];

    /// <summary>Events accepted since the start, in every group, deleted and discarded ones included.</summary>
    public long AcceptedEvents => _store.AcceptedEvents;

    /// <summary>UTF-8 bytes of the messages of <see cref="AcceptedEvents"/>.</summary>
    public long AcceptedBytes => _store.AcceptedBytes;

    /// <summary>PutLogEvents calls since the start that had a good signature and a readable body, refused ones included.</summary>
    public long PutLogEventsCalls => _calls.Total;

    /// <summary>The latest 10,000 PutLogEvents calls, oldest first.</summary>
    public IReadOnlyList<PutLogEventsCall> Requests => _calls.Latest();

    /// <summary>Names of a group's streams, sorted; empty when there is no such group.</summary>
    public IReadOnlyList<string> Streams(string group) =>
        _store.FindGroup(group) is { } found ? [.. found.Streams.Keys.Order(StringComparer.Ordinal)] : [];

    /// <summary>Days a group keeps its events; null when it keeps them for ever or does not exist.</summary>
    public int? RetentionInDays(string group) => _store.FindGroup(group)?.RetentionInDays;

    /// <summary>A group's class, such as <c>INFREQUENT_ACCESS</c>; null when there is no such group.</summary>
    public string? GroupClass(string group) => _store.FindGroup(group)?.Settings.Class;

    /// <summary>Whether deletion protection is on; false when there is no such group.</summary>
    public bool IsProtected(string group) => _store.FindGroup(group) is { IsProtected: true };

    /// <summary>ARN of the key that a group was created with; null without one.</summary>
    public string? KmsKeyId(string group) => _store.FindGroup(group)?.Settings.KmsKeyId;

    /// <summary>A group's tags; empty when there is no such group.</summary>
    public IReadOnlyDictionary<string, string> Tags(string group) => _store.FindGroup(group)?.Tags ?? LogTags.None;

    /// <summary>The latest 10,000 values that metric filters published, oldest first.</summary>
    public IReadOnlyList<ReceivedMetricValue> MetricValues => _store.Metrics.Latest();

    /// <summary>
    /// Lets a callback have what subscription filters send to a destination: the check when such a filter is put, and then the events. It runs before the PutLogEvents
    /// call is answered, on that call's thread, so calls at once are deliveries at once; what it throws is dropped.
    /// </summary>
    /// <param name="destinationArn">The <c>destinationArn</c> of the filters.</param>
    /// <param name="deliver">Takes a delivery.</param>
    /// <returns>Ends it when disposed.</returns>
    public IDisposable Subscribe(string destinationArn, Action<LogSubscriptionDelivery> deliver)
    {
        ArgumentException.ThrowIfNullOrEmpty(destinationArn);
        ArgumentNullException.ThrowIfNull(deliver);
        return _store.Targets.Add(arn => arn == destinationArn, deliver);
    }

    /// <summary>Events of a stream in the order they were accepted; empty when there is no such stream.</summary>
    public IReadOnlyList<ReceivedLogEvent> Events(string group, string stream)
    {
        var events = new List<ReceivedLogEvent>();
        foreach (LogBatch batch in Find(group, stream)?.Batches() ?? [])
        {
            var ingested = DateTimeOffset.FromUnixTimeMilliseconds(batch.Ingestion);
            for (int i = 0; i < batch.Count; i++)
            {
                events.Add(new ReceivedLogEvent(
                    DateTimeOffset.FromUnixTimeMilliseconds(batch.Timestamps[i]), Encoding.UTF8.GetString(batch.Message(i)), ingested));
            }
        }

        return events;
    }

    /// <summary>How many events a stream has accepted, discarded ones included; 0 when there is no such stream.</summary>
    public long EventCount(string group, string stream) => Find(group, stream)?.EventCount ?? 0;

    /// <summary>Waits until a stream has accepted so many events. There is no limit but the token.</summary>
    public async Task WaitForEventsAsync(string group, string stream, long count, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Taken before the count is read, so that an event in between is not missed.
            Task changed = _store.Changed.Next;
            if (EventCount(group, stream) >= count)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Creates a group, for a test that wants it to be there.</summary>
    /// <exception cref="InvalidOperationException">It exists.</exception>
    public void CreateGroup(string group) => Try(() => _store.CreateGroup(group, GroupSettings.None));

    /// <summary>Creates a stream in an existing group.</summary>
    /// <exception cref="InvalidOperationException">There is no such group, or the stream exists.</exception>
    public void CreateStream(string group, string stream) => Try(() => _store.CreateStream(group, stream));

    /// <summary>Deletes a group with all its streams under whoever writes to them.</summary>
    /// <exception cref="InvalidOperationException">There is no such group.</exception>
    public void DeleteGroup(string group) => Try(() => _store.DeleteGroup(group));

    /// <summary>Deletes a stream under whoever writes to it.</summary>
    /// <exception cref="InvalidOperationException">There is no such group or stream.</exception>
    public void DeleteStream(string group, string stream) => Try(() => _store.DeleteStream(group, stream));

    private LogStream? Find(string group, string stream) => _store.FindGroup(group)?.Streams.GetValueOrDefault(stream);

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Refusal refusal)
        {
            throw new InvalidOperationException(refusal.Message, refusal);
        }
    }
}
