namespace IotOps.Samples.FleetConsole.Store;

/// <summary>From a moment up to, not including, another.</summary>
/// <param name="Since">The first moment.</param>
/// <param name="Until">The first moment behind it.</param>
public readonly record struct TimeRange(DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => Until - Since;

    /// <summary>The same range so much earlier.</summary>
    public TimeRange Before(TimeSpan time) => new(Since - time, Until - time);
}
