namespace IotOps.Fleet;

/// <summary>What a lifecycle event changed.</summary>
public enum ConnectionUpdate
{
    /// <summary>It is the latest that is known of the client.</summary>
    Applied,

    /// <summary>It is the first of a client whose version numbers began again after an hour offline.</summary>
    Reset,

    /// <summary>It was known already.</summary>
    Duplicate,

    /// <summary>A later one was known already.</summary>
    Late,

    /// <summary>It says nothing about whether the client is connected: connect_failed, subscribed, unsubscribed.</summary>
    Unrelated,

    /// <summary>The client is new, and there are <see cref="ConnectionTrackerOptions.MaxClients"/> already.</summary>
    Untracked,
}
