using System.Threading.RateLimiting;

namespace IotOps.Fleet.History;

/// <summary>Two calls a second, never closer together than half a second.</summary>
internal static class HistoryPace
{
    public static RateLimiter Own() => new TokenBucketRateLimiter(Options());

    public static TokenBucketRateLimiterOptions Options() => new()
    {
        TokenLimit = 1,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(500),
        QueueLimit = 1_000,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };
}
