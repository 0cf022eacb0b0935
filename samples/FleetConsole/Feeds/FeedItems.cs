using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Collects what a feed read until it is handed to the store. For one thread at a time.</summary>
internal sealed class FeedItems
{
    private const int MostItems = 2_500;
    private const long MostBytes = 4 << 20;

    private long _bytes;

    public List<LogError> Errors { get; private set; } = [];

    public List<LifecycleEvent> Lifecycle { get; private set; } = [];

    public List<TrailRow> Trail { get; private set; } = [];

    public List<DigestHour> Digests { get; private set; } = [];

    public List<ConsoleFinding> Findings { get; private set; } = [];

    public List<ThingFacts> Things { get; private set; } = [];

    public List<DeviceDocument> Documents { get; private set; } = [];

    public int Count => Errors.Count + Lifecycle.Count + Trail.Count + Digests.Count + Findings.Count + Things.Count + Documents.Count;

    /// <summary>Whether it is time to hand over: a transaction has a size, and memory a bound.</summary>
    public bool IsFull => Count >= MostItems || _bytes >= MostBytes;

    /// <summary>Something so large was added.</summary>
    public void Grow(int bytes) => _bytes += bytes;

    /// <summary>All of it as a batch; empty afterwards.</summary>
    public ConsoleBatch Take(string feed, ReadOnlyMemory<byte> position)
    {
        var batch = new ConsoleBatch
        {
            Feed = feed,
            Position = position,
            Errors = Errors,
            Lifecycle = Lifecycle,
            Trail = Trail,
            Digests = Digests,
            Findings = Findings,
            Things = Things,
            Documents = Documents,
        };
        (Errors, Lifecycle, Trail, Digests, Findings, Things, Documents, _bytes) = ([], [], [], [], [], [], [], 0);
        return batch;
    }
}
