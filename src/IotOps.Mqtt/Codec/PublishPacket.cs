namespace IotOps.Mqtt.Codec;

/// <summary>A PUBLISH as it lies in the receive buffer.</summary>
internal ref struct PublishPacket
{
    public ReadOnlySpan<byte> Topic;
    public ReadOnlySpan<byte> Payload;
    public MqttQualityOfService QualityOfService;
    public ushort PacketId;
    public ushort TopicAlias;

    /// <summary>Identifier of the subscription this copy is for; zero when it has none.</summary>
    public int Identifier;

    /// <summary>The identifiers after the first one; null when there are none.</summary>
    public List<int>? OtherIdentifiers;
    public bool Duplicate;
    public bool Retain;
    public MqttPublishOptions? Properties;
}
