namespace IotOps.Emulator.Mqtt.Packets;

/// <param name="SessionPresent">Whether the broker still knew the session.</param>
/// <param name="Code">A <see cref="ReasonCode"/> in MQTT 5, a return code of 0 to 5 in MQTT 3.1.1.</param>
internal sealed record ConnAckPacket(bool SessionPresent, byte Code) : Packet(PacketType.ConnAck);
