using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What a feed hands over at once.</summary>
public sealed record ConsoleBatch
{
    /// <summary>The feed, whose position is kept with the batch; null for none. Parts of a feed with positions of their own have a slash behind its name.</summary>
    public string? Feed { get; init; }

    /// <summary>How far the feed is with this batch; kept as it is, for the feed alone.</summary>
    public ReadOnlyMemory<byte> Position { get; init; }

    /// <summary>Errors of the AWS IoT logs.</summary>
    public IReadOnlyList<LogError> Errors { get; init; } = [];

    /// <summary>Lifecycle events.</summary>
    public IReadOnlyList<LifecycleEvent> Lifecycle { get; init; } = [];

    /// <summary>Records of CloudTrail.</summary>
    public IReadOnlyList<TrailRow> Trail { get; init; } = [];

    /// <summary>Verdicts of digests.</summary>
    public IReadOnlyList<DigestHour> Digests { get; init; } = [];

    /// <summary>Findings and alarms; the latest of a key wins.</summary>
    public IReadOnlyList<ConsoleFinding> Findings { get; init; } = [];

    /// <summary>Things; the latest of a name wins. Their segments hold for events that come after them.</summary>
    public IReadOnlyList<ThingFacts> Things { get; init; } = [];

    /// <summary>Shadows and reports; the latest of a thing and name wins.</summary>
    public IReadOnlyList<DeviceDocument> Documents { get; init; } = [];

    /// <summary>How many items it has.</summary>
    public int Count => Errors.Count + Lifecycle.Count + Trail.Count + Digests.Count + Findings.Count + Things.Count + Documents.Count;
}
