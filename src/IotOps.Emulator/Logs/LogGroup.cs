using System.Collections.Concurrent;

namespace IotOps.Emulator.Logs;

/// <summary>One log group. Thread-safe.</summary>
internal sealed class LogGroup(string name, long createdAt, GroupSettings settings)
{
    private int _retentionInDays;
    private bool _isProtected;
    private IReadOnlyDictionary<string, string> _tags = settings.Tags;

    public string Name { get; } = name;

    public long CreatedAt { get; } = createdAt;

    public GroupSettings Settings { get; } = settings;

    public ConcurrentDictionary<string, LogStream> Streams { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, MetricFilter> MetricFilters { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, SubscriptionFilter> SubscriptionFilters { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether somebody wants to see each batch.</summary>
    public bool HasFilters => !MetricFilters.IsEmpty || !SubscriptionFilters.IsEmpty;

    /// <summary>Replaced as a whole when they change.</summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get => Volatile.Read(ref _tags);
        set => Volatile.Write(ref _tags, value);
    }

    /// <summary>While it is set, the group cannot be deleted.</summary>
    public bool IsProtected
    {
        get => Volatile.Read(ref _isProtected);
        set => Volatile.Write(ref _isProtected, value);
    }

    /// <summary>Days that events are kept; null keeps them for ever.</summary>
    public int? RetentionInDays
    {
        get => Volatile.Read(ref _retentionInDays) is > 0 and var days ? days : null;
        set => Volatile.Write(ref _retentionInDays, value ?? 0);
    }
}
