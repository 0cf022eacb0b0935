namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>What a client sent cannot be accepted and the connection ends; MQTT 5 tells it the reason.</summary>
internal sealed class ProtocolViolation(ReasonCode reason, string message) : Exception(message)
{
    public ReasonCode Reason { get; } = reason;

    public static ProtocolViolation Malformed(string message) => new(ReasonCode.MalformedPacket, message);

    public static ProtocolViolation Protocol(string message) => new(ReasonCode.ProtocolError, message);
}
