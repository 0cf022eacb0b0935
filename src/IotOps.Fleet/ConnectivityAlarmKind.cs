namespace IotOps.Fleet;

/// <summary>What is unusual.</summary>
public enum ConnectivityAlarmKind
{
    /// <summary>Two clients with one client id put each other out.</summary>
    ClientIdPingPong,

    /// <summary>A client connected with a certificate, or another credential, that it never used before.</summary>
    NewPrincipal,

    /// <summary>A client connected from an address that it never used before.</summary>
    NewAddress,

    /// <summary>A client was refused again and again.</summary>
    AuthenticationErrors,

    /// <summary>Many clients were lost at once.</summary>
    FleetDrop,

    /// <summary>A client disconnected more often than it does at this time of day.</summary>
    Disconnects,

    /// <summary>The clients of a segment disconnected more often than they do at this time of day.</summary>
    SegmentDisconnects,
}
