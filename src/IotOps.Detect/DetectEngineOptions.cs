namespace IotOps.Detect;

/// <summary>What a fleet is held to.</summary>
public sealed record DetectEngineOptions
{
    /// <summary>The security profiles, at most 128, their names unique.</summary>
    public required IReadOnlyList<DetectProfile> Profiles { get; init; }

    /// <summary>Which groups things are in; null takes every name for a thing of the registry in no group.</summary>
    public IFleetMembership? Membership { get; init; }

    /// <summary>What the queue gets. <see cref="DetectSources.Reports"/> and <see cref="DetectSources.Lifecycle"/> by default.</summary>
    public DetectSources Sources { get; init; } = DetectSources.Reports | DetectSources.Lifecycle;

    /// <summary>
    /// How long a report waits for one that should come before it, and a time window for what belongs to it; 10 s to 10 minutes, by default one
    /// minute. 1 min by default.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Completed days that a <c>statisticalThreshold</c> ranks, 1-14; 7 by default.</summary>
    public int StatisticsDays { get; init; } = 7;

    /// <summary>Datapoints of the whole fleet that a <c>statisticalThreshold</c> needs before it judges; 100 by default.</summary>
    public int StatisticsNeeded { get; init; } = 100;
}
