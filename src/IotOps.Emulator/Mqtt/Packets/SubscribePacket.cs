namespace IotOps.Emulator.Mqtt.Packets;

internal sealed record SubscribePacket(ushort PacketId, IReadOnlyList<SubscriptionRequest> Requests) : Packet(PacketType.Subscribe);
