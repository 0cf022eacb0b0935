namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What is known of a thing.</summary>
public interface IDeviceReader
{
    /// <summary>A thing as the fleet index had it; null when it was never told.</summary>
    Task<ThingFacts?> FindThingAsync(string thing, CancellationToken cancellationToken = default);

    /// <summary>All things by name, for queries that are evaluated here.</summary>
    IAsyncEnumerable<ThingFacts> ReadThingsAsync(CancellationToken cancellationToken = default);

    /// <summary>Names of things that begin with a text, sorted; for a search box.</summary>
    Task<IReadOnlyList<string>> FindThingNamesAsync(string beginning, int limit = 20, CancellationToken cancellationToken = default);

    /// <summary>The latest documents of a thing: its shadows and its last report to Device Defender, by name.</summary>
    Task<IReadOnlyList<DeviceDocument>> ReadDocumentsAsync(string thing, CancellationToken cancellationToken = default);

    /// <summary>A client's connection; null when no event told of it.</summary>
    Task<ClientState?> FindClientAsync(string client, CancellationToken cancellationToken = default);

    /// <summary>Lifecycle events of a client, the latest first.</summary>
    Task<IReadOnlyList<ConnectionRow>> ReadConnectionsAsync(string client, TimeRange range, int limit = 100, CancellationToken cancellationToken = default);
}
