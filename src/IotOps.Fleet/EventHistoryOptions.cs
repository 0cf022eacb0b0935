using System.Threading.RateLimiting;

namespace IotOps.Fleet;

/// <summary>How an <see cref="EventHistory"/> calls.</summary>
public sealed record EventHistoryOptions
{
    /// <summary>
    /// Lets each call pass when it is due; stays the caller's. Null for two calls a second, which is what an account has in a region: share one limiter
    /// where several callers do.
    /// </summary>
    public RateLimiter? Pace { get; init; }

    /// <summary>Now.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
