namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Where a console keeps what it was told, and what its pages are read from. Thread-safe.</summary>
public interface IConsoleStore : IConsoleWriter, IErrorReader, IConnectivityReader, ITrailReader, IDeviceReader, IConsoleAudit, IAsyncDisposable
{
    /// <summary>What it holds and how far its feeds are; for the line at the foot of each page.</summary>
    Task<StoreStatus> ReadStatusAsync(CancellationToken cancellationToken = default);
}
