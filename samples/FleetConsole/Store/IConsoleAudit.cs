namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What was done in the console.</summary>
public interface IConsoleAudit
{
    /// <summary>Writes a row; it is on the disk when this returns.</summary>
    Task AppendAuditAsync(AuditRow row, CancellationToken cancellationToken = default);

    /// <summary>The rows, the latest first.</summary>
    /// <param name="before">Those with a lower number; null for the first page.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<AuditRow>> ReadAuditAsync(long? before = null, int limit = 100, CancellationToken cancellationToken = default);
}
