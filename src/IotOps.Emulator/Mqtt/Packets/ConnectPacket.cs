namespace IotOps.Emulator.Mqtt.Packets;

internal sealed record ConnectPacket() : Packet(PacketType.Connect)
{
    /// <summary>4 is MQTT 3.1.1, 5 is MQTT 5.</summary>
    public byte Version { get; init; } = 5;

    public bool CleanStart { get; init; } = true;

    public ushort KeepAliveSeconds { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Published when the connection ends without a DISCONNECT; its packet id has no meaning.</summary>
    public PublishPacket? Will { get; init; }

    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }
}
