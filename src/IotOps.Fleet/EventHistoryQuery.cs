namespace IotOps.Fleet;

/// <summary>What LookupEvents is asked.</summary>
public sealed record EventHistoryQuery
{
    /// <summary>The first second; null for 90 days ago, which is the earliest.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The second after the last; null for now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What to look up by; null for all events.</summary>
    public EventHistoryKey? Key { get; init; }

    /// <summary>The key's value, whole, 1-2,000 characters; needed with <see cref="Key"/>.</summary>
    public string? Value { get; init; }

    /// <summary>Whether Insights events are looked up instead of management events.</summary>
    public bool Insights { get; init; }
}
