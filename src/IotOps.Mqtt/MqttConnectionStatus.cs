namespace IotOps.Mqtt;

/// <summary>The stages of a connection.</summary>
public enum MqttConnectionStatus
{
    /// <summary>Not connected; waiting for the next attempt, or not started.</summary>
    Disconnected,

    /// <summary>An attempt is under way: no CONNACK yet.</summary>
    Connecting,

    /// <summary>The broker accepted; lost subscriptions are back.</summary>
    Connected,

    /// <summary>Closed for good: disposed, or refused in a way that no retry mends.</summary>
    Closed,
}
