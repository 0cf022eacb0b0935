using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>The CONNACK that lets a client in: MQTT 5 tells what the broker offers, and what it changed.</summary>
internal static class ConnectAnswer
{
    public static ConnAckPacket Of(IClient client, Session session, bool isNamed, EmulatedMqttOptions options)
    {
        var answer = new ConnAckPacket(client.SessionPresent, Code: 0);
        if (client.Version < 5)
        {
            return answer;
        }

        ConnectPacket connect = client.Connect!;
        EmulatedMqttLimits limits = options.Limits;
        var properties = new List<Property>();
        if (session.Expiry != TimeSpan.FromSeconds(connect.Properties.Number(PropertyId.SessionExpiry) ?? 0))
        {
            properties.Add(new Property(PropertyId.SessionExpiry, (uint)session.Expiry.TotalSeconds));
        }

        properties.Add(new Property(PropertyId.ReceiveMaximum, (uint)limits.MaxInFlight));
        properties.Add(new Property(PropertyId.MaximumQoS, 1));
        properties.Add(new Property(PropertyId.MaximumPacketSize, (uint)limits.MaxPacketBytes));
        if (!isNamed)
        {
            properties.Add(new Property(PropertyId.AssignedClientIdentifier, Text: connect.ClientId));
        }

        properties.Add(new Property(PropertyId.TopicAliasMaximum, (uint)limits.MaxTopicAliases));
        properties.Add(new Property(PropertyId.SubscriptionIdentifierAvailable, 0));
        properties.Add(new Property(PropertyId.SharedSubscriptionAvailable, 0));
        if (client.KeepAliveInterval != TimeSpan.FromSeconds(connect.KeepAliveSeconds))
        {
            properties.Add(new Property(PropertyId.ServerKeepAlive, (uint)client.KeepAliveInterval.TotalSeconds));
        }

        return answer with { Properties = new PropertyBag(properties) };
    }
}
