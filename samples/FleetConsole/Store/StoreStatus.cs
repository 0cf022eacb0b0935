namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What a store holds.</summary>
/// <param name="Events">Errors, lifecycle events and trail records that were counted.</param>
/// <param name="Newest">The latest of them; null when there is none.</param>
/// <param name="Feeds">How far the feeds are.</param>
/// <param name="OpenFindings">Open findings that are high or critical, by source.</param>
/// <param name="LastDigest">The latest hour whose digest was checked; null when none was.</param>
public sealed record StoreStatus(
    long Events, DateTimeOffset? Newest, IReadOnlyList<FeedStatus> Feeds, IReadOnlyDictionary<FindingSource, long> OpenFindings, DigestHour? LastDigest);
