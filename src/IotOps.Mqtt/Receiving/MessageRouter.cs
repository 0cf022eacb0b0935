using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Receiving;

/// <summary>Gives each message to the subscriptions and listeners that it is for.</summary>
internal sealed class MessageRouter
{
    private SubscriptionRoutes _routes = SubscriptionRoutes.None;
    private long _messages;

    /// <summary>Takes the place of what was said before, from the next message on.</summary>
    public void Use(SubscriptionRoutes routes) => Volatile.Write(ref _routes, routes);

    /// <summary>Gives a message to everyone it is for; false when there is nobody. The receive loop's alone.</summary>
    public bool Dispatch(string topic, in PublishPacket packet, Delivery delivery, long connection)
    {
        SubscriptionRoutes routes = Volatile.Read(ref _routes);
        long number = ++_messages;
        bool any = false;
        if (packet.Identifier != 0)
        {
            any = GiveTo(packet.Identifier, routes, number, topic, packet, delivery, connection);
            foreach (int identifier in packet.OtherIdentifiers ?? [])
            {
                any |= GiveTo(identifier, routes, number, topic, packet, delivery, connection);
            }

            // Of a session that somebody else began nobody knows what it calls its subscriptions.
            if (any)
            {
                return true;
            }
        }

        if (routes.Exact.TryGetValue(topic, out List<Subscription>? exact))
        {
            foreach (Subscription subscription in exact)
            {
                any |= Give(subscription, number, topic, packet, delivery, connection);
            }
        }

        foreach ((string filter, Subscription subscription) in routes.Patterns)
        {
            if (subscription.LastMessage != number && MqttTopic.Matches(filter, topic))
            {
                any |= Give(subscription, number, topic, packet, delivery, connection);
            }
        }

        return any;
    }

    // True when the filter is one of ours.
    private static bool GiveTo(int identifier, SubscriptionRoutes routes, long number, string topic, in PublishPacket packet, Delivery delivery, long connection)
    {
        if (!routes.Identified.TryGetValue(identifier, out IdentifiedRoute? route) || !MqttTopic.Matches(route.Filter, topic))
        {
            return false;
        }

        foreach ((Subscription subscription, FilterEntry[] before) in route.Users)
        {
            if (IdentifiedRoute.IsFirst(before, topic))
            {
                Give(subscription, number, topic, packet, delivery, connection);
            }
        }

        return true;
    }

    private static bool Give(Subscription subscription, long number, string topic, in PublishPacket packet, Delivery delivery, long connection)
    {
        if (subscription.LastMessage == number)
        {
            return true;
        }

        subscription.LastMessage = number;
        delivery.Share();
        var message = new MqttReceivedMessage(topic, delivery.Payload, packet.QualityOfService, delivery)
        {
            Retain = packet.Retain,
            Duplicate = packet.Duplicate,
            Properties = packet.Properties,
        };
        subscription.Queue.Write(message, connection);
        return true;
    }
}
