namespace IotOps.Fleet.Connectivity;

/// <summary>What is kept of a client.</summary>
internal sealed class WatchedClient
{
    public SeasonalProfile Disconnects { get; } = new();

    public KnownValues Principals;
    public KnownValues Addresses;
    public Burst PingPongs;
    public Burst Refusals;

    /// <summary>The segments that it is in, a bit each.</summary>
    public ulong Segments { get; set; }

    public bool IsConnected { get; set; }

    /// <summary>The 5 minutes that an alarm was raised for already.</summary>
    public int AlarmedBucket { get; set; } = -1;
}
