namespace IotOps.Mqtt;

/// <summary>The versions of the protocol that are spoken; the values are those of the wire.</summary>
public enum MqttProtocolVersion
{
    /// <summary>MQTT 3.1.1 (OASIS, 2014): no reason for a disconnect, no properties.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0 (OASIS, 2019).</summary>
    V5 = 5,
}
