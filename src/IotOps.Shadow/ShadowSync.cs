namespace IotOps.Shadow;

/// <summary>When a cache talks to the cloud. Edits are durable on the device at once in any case.</summary>
public sealed record ShadowSync
{
    private ShadowSync(TimeSpan? interval, bool isManual)
    {
        Interval = interval;
        IsManual = isManual;
    }

    /// <summary>As soon as anything changes on either side.</summary>
    public static ShadowSync Realtime { get; } = new(null, isManual: false);

    /// <summary>Only when <see cref="DeviceShadow.SyncAsync"/> or <see cref="ShadowCache.SyncAsync"/> is called.</summary>
    public static ShadowSync Manual { get; } = new(null, isManual: true);

    /// <summary>Time from one round to the next; null when it is not by interval.</summary>
    public TimeSpan? Interval { get; }

    /// <summary>True when only calls synchronise.</summary>
    public bool IsManual { get; }

    internal bool IsRealtime => Interval is null && !IsManual;

    /// <summary>A round of reading, merging and publishing at every connection and then each time this long has passed.</summary>
    /// <param name="interval">One second to 24 days.</param>
    public static ShadowSync Every(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(24));
        return new(interval, isManual: false);
    }
}
