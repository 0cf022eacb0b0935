using System.Diagnostics.CodeAnalysis;

namespace IotOps.Mqtt.Codec;

/// <summary>The errors of a peer that does not speak MQTT properly.</summary>
internal static class Malformed
{
    public static MqttException Packet(string what) =>
        new($"The broker sent a malformed packet: {what}. The connection is closed and made anew.") { Reason = MqttReasonCode.MalformedPacket, IsTransient = true };

    public static MqttException Protocol(string what, MqttReasonCode reason = MqttReasonCode.ProtocolError) =>
        new($"The broker broke the protocol: {what}. The connection is closed and made anew.") { Reason = reason, IsTransient = true };

    [DoesNotReturn]
    public static void Throw(string what) => throw Packet(what);
}
