namespace IotOps.Fleet;

/// <summary>When a <see cref="ConnectivityMonitor"/> raises an alarm.</summary>
public sealed record ConnectivityMonitorOptions
{
    /// <summary>DUPLICATE_CLIENTID disconnects of a client within <see cref="BurstWindow"/> that are a ping-pong; 3 unless set.</summary>
    public int PingPongs { get; init; } = 3;

    /// <summary>Refusals of a client within <see cref="BurstWindow"/> that are a burst; 5 unless set.</summary>
    public int AuthenticationErrors { get; init; } = 5;

    /// <summary>How long ping-pongs and refusals are counted together; 10 minutes unless set.</summary>
    public TimeSpan BurstWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a new address of a client is an alarm; true unless set. A client that has had more than four counts as one that roams and raises none.</summary>
    public bool WatchAddresses { get; init; } = true;

    /// <summary>The part of the connected clients whose loss within <see cref="DropWindow"/> is a drop; 0.2 unless set.</summary>
    public double DropShare { get; init; } = 0.2;

    /// <summary>Clients that a drop has at least; 10 unless set.</summary>
    public int DropClients { get; init; } = 10;

    /// <summary>How long losses are counted together for a drop; 2 minutes unless set.</summary>
    public TimeSpan DropWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How unlikely a number of disconnects in 5 minutes must be by chance; 1e-5 unless set. 0.00001 by default.</summary>
    public double Probability { get; init; } = 1e-5;

    /// <summary>Parts of the fleet that are watched as a whole, at most 64; none unless set.</summary>
    public IReadOnlyList<FleetSegment> Segments { get; init; } = [];

    /// <summary>Clients that are watched at most; a million unless set. Further ones are counted in <see cref="ConnectivityMonitor.Unwatched"/>. 1,000,000 by default.</summary>
    public int MaxClients { get; init; } = 1_000_000;
}
