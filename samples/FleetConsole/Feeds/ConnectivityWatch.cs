using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>
/// Finds what is unusual about connections, from the events in the store, whichever console brought them. When it is run again it goes over the 14 days
/// that are compared with once more, and finds the same alarms under the same keys.
/// </summary>
/// <param name="reader">Where the events are.</param>
/// <param name="segments">Segments of things.</param>
/// <param name="clock">The clock of the waits.</param>
/// <param name="watchAddresses">Whether a new address of a client is an anomaly.</param>
internal sealed class ConnectivityWatch(IConsoleStore reader, SegmentRules segments, TimeProvider clock, bool watchAddresses = true) : IFeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public string Name => "connectivity";

    public async Task RunAsync(IConsoleWriter store, FeedProgress progress, CancellationToken cancellationToken)
    {
        var pass = new ConnectivityPass(Name, reader, segments, clock, watchAddresses);
        while (true)
        {
            if (!await pass.NextAsync(store, progress, cancellationToken))
            {
                await Task.Delay(Interval, clock, cancellationToken);
            }
        }
    }
}
