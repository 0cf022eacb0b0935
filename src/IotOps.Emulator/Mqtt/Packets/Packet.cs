namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>A packet in memory. What MQTT 3.1.1 has no place for is left out when it is written for that version.</summary>
internal abstract record Packet(PacketType Type)
{
    public PropertyBag Properties { get; init; } = PropertyBag.Empty;
}
