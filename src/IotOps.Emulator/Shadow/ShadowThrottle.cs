using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>Refuses requests beyond so many a second for a thing, and so many unanswered on a connection. Thread-safe.</summary>
internal sealed class ShadowThrottle(EmulatedShadowOptions options, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<long>> _recent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);

    /// <summary>Lets a request in; <see cref="Leave"/> follows when it has been answered.</summary>
    /// <param name="thing">For whom.</param>
    /// <param name="connection">On which connection; null has no limit there.</param>
    /// <exception cref="Refusal">429; the request is not in.</exception>
    public void Enter(string thing, string? connection)
    {
        lock (_lock)
        {
            if (options.MaxRequestsPerSecond is { } rate && !IsWithinRate(thing, rate))
            {
                throw new Refusal(429, "ThrottlingException", $"More than {rate} requests in a second for one thing");
            }

            if (connection is not null)
            {
                int unanswered = _inFlight.GetValueOrDefault(connection);
                if (unanswered >= options.MaxRequestsInFlight)
                {
                    throw new Refusal(429, "ThrottlingException", $"More than {options.MaxRequestsInFlight} in-flight requests on a single connection");
                }

                _inFlight[connection] = unanswered + 1;
            }
        }
    }

    public void Leave(string? connection)
    {
        if (connection is null)
        {
            return;
        }

        lock (_lock)
        {
            int unanswered = _inFlight.GetValueOrDefault(connection) - 1;
            if (unanswered > 0)
            {
                _inFlight[connection] = unanswered;
            }
            else
            {
                _inFlight.Remove(connection);
            }
        }
    }

    private bool IsWithinRate(string thing, int rate)
    {
        if (!_recent.TryGetValue(thing, out Queue<long>? recent))
        {
            _recent[thing] = recent = new Queue<long>();
        }

        while (recent.TryPeek(out long oldest) && timeProvider.GetElapsedTime(oldest) >= TimeSpan.FromSeconds(1))
        {
            recent.Dequeue();
        }

        if (recent.Count >= rate)
        {
            return false;
        }

        recent.Enqueue(timeProvider.GetTimestamp());
        return true;
    }
}
