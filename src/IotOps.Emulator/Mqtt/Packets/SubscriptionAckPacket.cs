namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>SUBACK and UNSUBACK: a code for each filter; none in an UNSUBACK of MQTT 3.1.1.</summary>
internal sealed record SubscriptionAckPacket(PacketType Type, ushort PacketId, ReadOnlyMemory<byte> Codes) : Packet(Type);
