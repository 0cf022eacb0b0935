namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Who of a segment is connected.</summary>
/// <param name="Segment">Its name; empty for the whole fleet.</param>
/// <param name="Things">Clients that are known.</param>
/// <param name="Online">Those that are connected.</param>
/// <param name="Changed">Those whose connection changed lately.</param>
public sealed record SegmentConnectivity(string Segment, long Things, long Online, long Changed)
{
    /// <summary>Those that are not connected.</summary>
    public long Offline => Things - Online;
}
