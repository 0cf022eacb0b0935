namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>DISCONNECT and AUTH.</summary>
internal sealed record ReasonPacket(PacketType Type, ReasonCode Reason = ReasonCode.Success) : Packet(Type);
