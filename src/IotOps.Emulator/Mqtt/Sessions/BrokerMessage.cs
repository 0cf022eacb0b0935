using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A message on its way through the broker.</summary>
internal sealed record BrokerMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    public byte QoS { get; init; }

    public bool Retain { get; init; }

    /// <summary>What goes on to subscribers: no topic alias, and the expiry by <see cref="ExpiresAt"/>.</summary>
    public PropertyBag Properties { get; init; } = PropertyBag.Empty;

    /// <summary>When it is too late to deliver, on the monotonic clock; null is never.</summary>
    public long? ExpiresAt { get; init; }

    public static BrokerMessage From(PublishPacket packet, string topic, TimeProvider timeProvider) => new(topic, packet.Payload)
    {
        QoS = packet.QoS,
        Retain = packet.Retain,
        Properties = packet.Properties.Without(PropertyId.TopicAlias, PropertyId.MessageExpiry, PropertyId.WillDelay, PropertyId.SubscriptionIdentifier),
        ExpiresAt = packet.Properties.Number(PropertyId.MessageExpiry) is { } seconds
            ? timeProvider.GetTimestamp() + (seconds * timeProvider.TimestampFrequency)
            : null,
    };

    public bool IsExpired(TimeProvider timeProvider) => ExpiresAt <= timeProvider.GetTimestamp();

    /// <summary>The properties to deliver with: the expiry counts down while a message waits.</summary>
    public PropertyBag PropertiesNow(TimeProvider timeProvider)
    {
        if (ExpiresAt is not { } end)
        {
            return Properties;
        }

        long left = Math.Max(1, (end - timeProvider.GetTimestamp() + timeProvider.TimestampFrequency - 1) / timeProvider.TimestampFrequency);
        return Properties.With(new Property(PropertyId.MessageExpiry, (uint)left));
    }
}
