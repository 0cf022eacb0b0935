namespace IotOps.Mqtt;

/// <summary>A connection at one moment.</summary>
/// <param name="Status">The stage.</param>
/// <param name="Connections">
/// How many times the broker has accepted since the start. When it differs from the number seen before, the connection was lost in between,
/// however short that was: whoever mirrors state of the cloud must ask for it again.
/// </param>
/// <param name="SessionPresent">Whether the broker still had the session at the last CONNACK, so that nothing it accepted for us was lost.</param>
/// <param name="Error">Why the connection ended or the last attempt failed; null when it never did.</param>
public sealed record MqttConnectionState(MqttConnectionStatus Status, long Connections, bool SessionPresent, MqttException? Error)
{
    /// <summary>Before the first attempt.</summary>
    public static MqttConnectionState Initial { get; } = new(MqttConnectionStatus.Disconnected, 0, SessionPresent: false, Error: null);
}
