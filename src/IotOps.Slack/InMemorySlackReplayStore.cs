namespace IotOps.Slack;

/// <summary>
/// Remembers signatures in this process, a bounded number of them. When full, the one that would expire first is forgotten, and
/// counted: only requests that Slack signed get here, so an outsider cannot fill it. Thread-safe.
/// </summary>
public sealed class InMemorySlackReplayStore : ISlackReplayStore
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _byExpiry = new();
    private readonly int _capacity;
    private readonly TimeProvider _timeProvider;
    private long _forgotten;

    /// <summary>Starts empty.</summary>
    /// <param name="capacity">Signatures kept, 1 or more; each takes about 250 bytes.</param>
    /// <param name="timeProvider">Clock of the expiries; null is the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public InMemorySlackReplayStore(int capacity = 100_000, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Signatures held now.</summary>
    public int Count
    {
        get { lock (_lock) { return _signatures.Count; } }
    }

    /// <summary>Signatures that were forgotten while still fresh, for want of room.</summary>
    public long Forgotten
    {
        get { lock (_lock) { return _forgotten; } }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryRememberAsync(string signature, DateTimeOffset expiresAt, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(signature);
        DateTimeOffset now = _timeProvider.GetUtcNow();
        lock (_lock)
        {
            while (_byExpiry.TryPeek(out string? oldest, out DateTimeOffset expiry) && expiry <= now)
            {
                _byExpiry.Dequeue();
                _signatures.Remove(oldest);
            }

            if (!_signatures.Add(signature))
            {
                return ValueTask.FromResult(false);
            }

            _byExpiry.Enqueue(signature, expiresAt);
            if (_signatures.Count > _capacity)
            {
                _signatures.Remove(_byExpiry.Dequeue());
                _forgotten++;
            }

            return ValueTask.FromResult(true);
        }
    }
}
