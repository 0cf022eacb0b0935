namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Who errors came from.</summary>
/// <param name="Total">Errors of the query.</param>
/// <param name="Counted">The latest of them, which were looked at: all, or <see cref="Most"/>.</param>
/// <param name="Clients">Clients.</param>
/// <param name="Principals">Certificates, or callers behind another credential.</param>
/// <param name="Addresses">Addresses.</param>
/// <param name="Rules">Rules.</param>
public sealed record ErrorValues(long Total, long Counted, ValueCounts Clients, ValueCounts Principals, ValueCounts Addresses, ValueCounts Rules)
{
    /// <summary>Errors that are looked at.</summary>
    public const int Most = 20_000;
}
