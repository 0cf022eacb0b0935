namespace IotOps.Shared;

/// <summary>When something went well last, what went wrong last, and for how long nothing has gone well. Safe for concurrent use.</summary>
/// <param name="time">The clock.</param>
internal sealed class Outcomes(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _lastSuccess;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;
    private long? _waitingSince;

    /// <summary>The last success; null before the first.</summary>
    public DateTimeOffset? LastSuccess
    {
        get { lock (_lock) { return _lastSuccess; } }
    }

    /// <summary>Why the last failure was one, without secrets; null when there was none.</summary>
    public string? LastError
    {
        get { lock (_lock) { return _lastError; } }
    }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt
    {
        get { lock (_lock) { return _lastErrorAt; } }
    }

    /// <summary>How long a success has been waited for; null when none is.</summary>
    public TimeSpan? Waiting
    {
        get { lock (_lock) { return _waitingSince is { } since ? time.GetElapsedTime(since) : null; } }
    }

    /// <summary>A success is waited for from now on, unless one was before.</summary>
    public void Waits()
    {
        lock (_lock) { _waitingSince ??= time.GetTimestamp(); }
    }

    /// <summary>It went well: nothing is waited for.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            _lastSuccess = time.GetUtcNow();
            _waitingSince = null;
        }
    }

    /// <summary>It did not go well: a success is waited for.</summary>
    /// <param name="error">Why; no secrets.</param>
    public void Failed(string error)
    {
        lock (_lock)
        {
            _lastError = error;
            _lastErrorAt = time.GetUtcNow();
            _waitingSince ??= time.GetTimestamp();
        }
    }

    /// <summary>Something went wrong beside it: told, and nothing is waited for.</summary>
    /// <param name="error">Why; no secrets.</param>
    public void Note(string error)
    {
        lock (_lock)
        {
            _lastError = error;
            _lastErrorAt = time.GetUtcNow();
        }
    }

    /// <summary>As a health source gives it.</summary>
    public Health ToHealth() => new(LastSuccess, LastError, LastErrorAt, Waiting, HasEnded: false);
}
