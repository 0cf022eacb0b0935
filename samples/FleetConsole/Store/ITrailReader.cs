namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Who did what, from CloudTrail, and whether the trail is whole.</summary>
public interface ITrailReader
{
    /// <summary>Records, the latest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="limit">Records of a page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<TrailRow>> ReadTrailAsync(TrailRowQuery query, LineKey? after = null, int limit = 50, CancellationToken cancellationToken = default);

    /// <summary>Writes and the verdict of the digest by hour, also of hours without either.</summary>
    Task<IReadOnlyList<TrailHour>> ReadTrailHoursAsync(TimeRange range, CancellationToken cancellationToken = default);

    /// <summary>Writes by who made them, most first.</summary>
    Task<IReadOnlyList<TrailActor>> ReadTrailActorsAsync(TimeRange range, CancellationToken cancellationToken = default);
}
