namespace IotOps.Mqtt.Codec;

/// <summary>A PUBLISH as it lies in the receive buffer.</summary>
internal ref struct PublishPacket
{
    public ReadOnlySpan<byte> Topic;
    public ReadOnlySpan<byte> Payload;
    public MqttQualityOfService QualityOfService;
    public ushort PacketId;
    public ushort TopicAlias;
    public bool Duplicate;
    public bool Retain;
    public MqttPublishOptions? Properties;
}
