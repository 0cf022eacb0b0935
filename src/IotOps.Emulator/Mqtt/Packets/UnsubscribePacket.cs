namespace IotOps.Emulator.Mqtt.Packets;

internal sealed record UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Filters) : Packet(PacketType.Unsubscribe);
