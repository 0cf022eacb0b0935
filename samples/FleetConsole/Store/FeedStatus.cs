namespace IotOps.Samples.FleetConsole.Store;

/// <summary>How far a feed is.</summary>
/// <param name="Feed">Its name.</param>
/// <param name="Written">When it wrote last.</param>
/// <param name="Events">Events that it brought.</param>
public sealed record FeedStatus(string Feed, DateTimeOffset Written, long Events);
