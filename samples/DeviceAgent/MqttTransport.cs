namespace IotOps.Samples.DeviceAgent;

/// <summary>What MQTT runs over.</summary>
internal enum MqttTransport
{
    /// <summary>TLS with the device certificate.</summary>
    Tls,

    /// <summary>In the clear: for a broker on this machine, or an emulator.</summary>
    Tcp,

    /// <summary>WebSocket on port 443, signed with the agent's AWS keys.</summary>
    WebSocket,
}
