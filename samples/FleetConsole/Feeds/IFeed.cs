using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Brings events into a store. It resumes where it was when it is run again, and what it delivers twice counts once.</summary>
internal interface IFeed
{
    /// <summary>For the foot of the pages, messages, and its position in the store.</summary>
    string Name { get; }

    /// <summary>Runs until it is cancelled, or for ever. An exception ends this run; the feed is run again after a while.</summary>
    Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken);
}
