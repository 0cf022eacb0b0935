namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Who is connected, and what was unusual.</summary>
public interface IConnectivityReader
{
    /// <summary>The whole fleet first (its name is empty), then each segment by name.</summary>
    /// <param name="changedSince">Clients whose connection changed since then are counted as changed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<SegmentConnectivity>> ReadConnectivityAsync(DateTimeOffset changedSince, CancellationToken cancellationToken = default);

    /// <summary>Connections, losses and refusals by time, and how many clients were offline.</summary>
    /// <param name="range">The range.</param>
    /// <param name="bucket">Whole minutes.</param>
    /// <param name="segment">A segment; null for the whole fleet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ConnectivityBar>> ReadConnectivityChartAsync(TimeRange range, TimeSpan bucket, string? segment = null, CancellationToken cancellationToken = default);

    /// <summary>Clients by name.</summary>
    /// <param name="segment">Of a segment; null for all.</param>
    /// <param name="isConnected">Only those that are, or are not; null for all.</param>
    /// <param name="after">The last name of the page before; null for the first page.</param>
    /// <param name="limit">Clients of a page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ClientState>> ReadClientsAsync(
        string? segment = null, bool? isConnected = null, string? after = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Lifecycle events of all clients in the order of their time, page by page.</summary>
    /// <param name="range">The range.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="limit">Events of a page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<LifecycleRow>> ReadLifecycleAsync(TimeRange range, LineKey? after = null, int limit = 1_000, CancellationToken cancellationToken = default);

    /// <summary>Audit findings, alarms of Detect and anomalies of connections, the worst and then the latest first.</summary>
    Task<IReadOnlyList<ConsoleFinding>> ReadFindingsAsync(FindingQuery query, CancellationToken cancellationToken = default);

    /// <summary>Open findings by severity and age.</summary>
    /// <param name="now">The age is told by it.</param>
    /// <param name="source">Of one source; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<FindingAge>> ReadFindingAgesAsync(DateTimeOffset now, FindingSource? source = null, CancellationToken cancellationToken = default);
}
