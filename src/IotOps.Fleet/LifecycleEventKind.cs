namespace IotOps.Fleet;

/// <summary>What a lifecycle event says.</summary>
public enum LifecycleEventKind
{
    /// <summary>A client connected.</summary>
    Connected,

    /// <summary>A client disconnected.</summary>
    Disconnected,

    /// <summary>A client was not let in.</summary>
    ConnectFailed,

    /// <summary>A client subscribed.</summary>
    Subscribed,

    /// <summary>A client unsubscribed.</summary>
    Unsubscribed,
}
