namespace IotOps.Fleet;

/// <summary>How a <see cref="ConnectionTracker"/> waits and looks.</summary>
public sealed record ConnectionTrackerOptions
{
    /// <summary>How long a client must stay disconnected before it is reported; 5 seconds unless set, as the guide proposes.</summary>
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Asked before a client is reported, since its connected event may be lost; nobody unless set.</summary>
    public IConnectionLookup? Lookup { get; init; }

    /// <summary>Clients that are tracked at most; a million unless set. Further ones are counted in <see cref="ConnectionTracker.Untracked"/>. 1,000,000 by default.</summary>
    public int MaxClients { get; init; } = 1_000_000;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
