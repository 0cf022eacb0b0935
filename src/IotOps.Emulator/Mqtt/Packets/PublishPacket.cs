namespace IotOps.Emulator.Mqtt.Packets;

internal sealed record PublishPacket(string Topic, ReadOnlyMemory<byte> Payload) : Packet(PacketType.Publish)
{
    public byte QoS { get; init; }

    public bool Retain { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>0 when <see cref="QoS"/> is.</summary>
    public ushort PacketId { get; init; }
}
