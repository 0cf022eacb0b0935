namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP, which have one form.</summary>
internal sealed record AckPacket(PacketType Type, ushort PacketId, ReasonCode Reason = ReasonCode.Success) : Packet(Type);
