namespace IotOps.Samples.FleetConsole.Store;

/// <summary>How long a store keeps what, in whole days.</summary>
public sealed record StoreRetention
{
    /// <summary>Lines, lifecycle events and trail records; 30 days unless set.</summary>
    public TimeSpan Events { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What is counted by the minute and by five minutes; 30 days unless set.</summary>
    public TimeSpan Minutes { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What is counted by the hour; 400 days unless set.</summary>
    public TimeSpan Hours { get; init; } = TimeSpan.FromDays(400);
}
