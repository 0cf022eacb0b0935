namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Table 2-4 of OASIS MQTT 5.0: a property's form and where it may stand.</summary>
/// <param name="Kind">Its form.</param>
/// <param name="Places">A bit for each <see cref="PacketType"/>; bit 0 is the will.</param>
internal readonly record struct PropertyRule(PropertyKind Kind, int Places)
{
    private const int Will = 1;
    private const int Connect = 1 << (int)PacketType.Connect;
    private const int ConnAck = 1 << (int)PacketType.ConnAck;
    private const int Publish = 1 << (int)PacketType.Publish;
    private const int Subscribe = 1 << (int)PacketType.Subscribe;
    private const int Disconnect = 1 << (int)PacketType.Disconnect;
    private const int Auth = 1 << (int)PacketType.Auth;
    private const int Acks = (1 << (int)PacketType.PubAck) | (1 << (int)PacketType.PubRec) | (1 << (int)PacketType.PubRel)
        | (1 << (int)PacketType.PubComp) | (1 << (int)PacketType.SubAck) | (1 << (int)PacketType.UnsubAck);

    public bool IsAllowedIn(PacketType? place) => (Places & (1 << ((int?)place ?? 0))) != 0;

    public static PropertyRule Of(PropertyId id) => id switch
    {
        PropertyId.PayloadFormat => new(PropertyKind.Byte, Publish | Will),
        PropertyId.MessageExpiry => new(PropertyKind.FourBytes, Publish | Will),
        PropertyId.ContentType => new(PropertyKind.Text, Publish | Will),
        PropertyId.ResponseTopic => new(PropertyKind.Text, Publish | Will),
        PropertyId.CorrelationData => new(PropertyKind.Binary, Publish | Will),
        PropertyId.SubscriptionIdentifier => new(PropertyKind.VariableInteger, Publish | Subscribe),
        PropertyId.SessionExpiry => new(PropertyKind.FourBytes, Connect | ConnAck | Disconnect),
        PropertyId.AssignedClientIdentifier => new(PropertyKind.Text, ConnAck),
        PropertyId.ServerKeepAlive => new(PropertyKind.TwoBytes, ConnAck),
        PropertyId.AuthenticationMethod => new(PropertyKind.Text, Connect | ConnAck | Auth),
        PropertyId.AuthenticationData => new(PropertyKind.Binary, Connect | ConnAck | Auth),
        PropertyId.RequestProblemInformation => new(PropertyKind.Byte, Connect),
        PropertyId.WillDelay => new(PropertyKind.FourBytes, Will),
        PropertyId.RequestResponseInformation => new(PropertyKind.Byte, Connect),
        PropertyId.ResponseInformation => new(PropertyKind.Text, ConnAck),
        PropertyId.ServerReference => new(PropertyKind.Text, ConnAck | Disconnect),
        PropertyId.ReasonString => new(PropertyKind.Text, ConnAck | Acks | Disconnect | Auth),
        PropertyId.ReceiveMaximum => new(PropertyKind.TwoBytes, Connect | ConnAck),
        PropertyId.TopicAliasMaximum => new(PropertyKind.TwoBytes, Connect | ConnAck),
        PropertyId.TopicAlias => new(PropertyKind.TwoBytes, Publish),
        PropertyId.MaximumQoS => new(PropertyKind.Byte, ConnAck),
        PropertyId.RetainAvailable => new(PropertyKind.Byte, ConnAck),
        PropertyId.UserProperty => new(PropertyKind.TextPair, ~0),
        PropertyId.MaximumPacketSize => new(PropertyKind.FourBytes, Connect | ConnAck),
        PropertyId.WildcardSubscriptionAvailable => new(PropertyKind.Byte, ConnAck),
        PropertyId.SubscriptionIdentifierAvailable => new(PropertyKind.Byte, ConnAck),
        PropertyId.SharedSubscriptionAvailable => new(PropertyKind.Byte, ConnAck),
        _ => default,
    };
}
