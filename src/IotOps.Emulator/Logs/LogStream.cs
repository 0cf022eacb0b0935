namespace IotOps.Emulator.Logs;

/// <summary>One log stream and its events. Thread-safe.</summary>
internal sealed class LogStream(string name, long createdAt, LogFile? file)
{
    private readonly Lock _lock = new();
    private readonly List<LogBatch> _batches = [];
    private StoredEvent[]? _sorted;

    public string Name { get; } = name;

    public long CreatedAt { get; } = createdAt;

    public long? FirstTimestamp { get; private set; }

    public long? LastTimestamp { get; private set; }

    public long? LastIngestion { get; private set; }

    /// <summary>Events accepted, kept or not.</summary>
    public long EventCount { get; private set; }

    /// <summary>Counts a batch of at least one event, and keeps it unless <paramref name="discard"/>.</summary>
    public void Append(LogBatch batch, bool discard)
    {
        lock (_lock)
        {
            if (!discard)
            {
                // First of all: a disk that refuses must not leave an event that is counted but gone after a restart.
                file?.Append(batch);
                Keep(batch);
            }

            Count(batch);
        }
    }

    /// <summary>Takes in a batch of a former run.</summary>
    public void Restore(LogBatch batch)
    {
        lock (_lock)
        {
            Keep(batch);
            Count(batch);
        }
    }

    /// <summary>Gives up what it takes on disk.</summary>
    public void Delete()
    {
        lock (_lock) { file?.Delete(); }
    }

    /// <summary>The batches in the order they were accepted.</summary>
    public LogBatch[] Batches()
    {
        lock (_lock) { return [.. _batches]; }
    }

    /// <summary>The events in the order of time. Never changed once returned.</summary>
    public StoredEvent[] Sorted()
    {
        lock (_lock) { return _sorted ??= Sort(); }
    }

    private void Keep(LogBatch batch)
    {
        _batches.Add(batch);
        _sorted = null;
    }

    private void Count(LogBatch batch)
    {
        FirstTimestamp = Math.Min(FirstTimestamp ?? long.MaxValue, batch.Timestamps[0]);
        LastTimestamp = Math.Max(LastTimestamp ?? long.MinValue, batch.Timestamps[^1]);
        LastIngestion = batch.Ingestion;
        EventCount += batch.Count;
    }

    private StoredEvent[] Sort()
    {
        var events = new StoredEvent[_batches.Sum(b => b.Count)];
        var keys = new EventKey[events.Length];
        int next = 0;
        foreach (LogBatch batch in _batches)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                events[next] = new StoredEvent(batch, i);
                keys[next] = events[next].Key;
                next++;
            }
        }

        Array.Sort(keys, events);
        return events;
    }
}
