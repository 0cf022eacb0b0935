namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>PINGREQ and PINGRESP.</summary>
internal sealed record PingPacket(PacketType Type) : Packet(Type);
