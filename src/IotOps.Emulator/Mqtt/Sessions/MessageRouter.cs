using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Rules;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>Who gets a message. Guarded by the broker's lock.</summary>
internal sealed class MessageRouter(Broker broker)
{
    // Messages to the rule that the topic names, and to nobody else.
    private const string BasicIngest = "$aws/rules/";

    private readonly SubscriptionTable<Session> _subscriptions = new();
    private readonly RetainedMessages _retained = new(broker.Options.MaxRetainedMessages, broker.TimeProvider);
    private readonly Dictionary<Session, SubscriptionRequest> _found = [];

    /// <summary>Shows a message to the rules, keeps it when it is to be retained, and offers it to everybody who is subscribed.</summary>
    /// <returns>Whether anybody is.</returns>
    public bool Route(BrokerMessage message, Session? publisher)
    {
        broker.Rules?.Invoke(message.Topic, message.Payload, publisher?.ClientId, publisher?.Client is { } client ? LifecycleEvents.Principal(client, client.Connect!) : null);
        if (message.Topic.StartsWith(BasicIngest, StringComparison.Ordinal))
        {
            return false;
        }

        if (message.Retain && !_retained.Set(message))
        {
            broker.CountDropped();
        }

        _found.Clear();
        _subscriptions.Find(message.Topic, publisher, _found);

        // A connection that is cut on the way may publish its will in between.
        KeyValuePair<Session, SubscriptionRequest>[] targets = [.. _found];
        foreach ((Session session, SubscriptionRequest request) in targets)
        {
            session.Offer(new Delivery(message, Math.Min(message.QoS, request.QoS), request.RetainAsPublished && message.Retain));
        }

        return targets.Length > 0;
    }

    /// <summary>Subscribes to what may be subscribed to.</summary>
    /// <returns>A code for each filter, and the retained messages that come with it.</returns>
    public (byte[] Codes, IReadOnlyList<Delivery> Retained) Subscribe(Session session, SubscribePacket packet, byte version)
    {
        byte[] codes = new byte[packet.Requests.Count];
        var retained = new List<Delivery>();
        for (int i = 0; i < codes.Length; i++)
        {
            SubscriptionRequest request = packet.Requests[i] with { QoS = Math.Min(packet.Requests[i].QoS, (byte)1) };
            ReasonCode code = SubscribeRules.Answer(request, session.Subscriptions, broker.Options.Limits);
            bool isRefused = code >= ReasonCode.UnspecifiedError;
            codes[i] = isRefused && version < 5 ? (byte)ReasonCode.UnspecifiedError : (byte)code;
            if (isRefused)
            {
                continue;
            }

            session.Subscriptions[request.Filter] = request;
            bool isNew = _subscriptions.Add(session, request);
            if (request.RetainHandling == 0 || (request.RetainHandling == 1 && isNew))
            {
                retained.AddRange(_retained.For(request));
            }
        }

        return (codes, retained);
    }

    /// <returns>A code for each filter.</returns>
    public byte[] Unsubscribe(Session session, UnsubscribePacket packet)
    {
        byte[] codes = new byte[packet.Filters.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            session.Subscriptions.Remove(packet.Filters[i]);
            codes[i] = (byte)(_subscriptions.Remove(session, packet.Filters[i]) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
        }

        return codes;
    }

    public void Forget(Session session)
    {
        foreach (string filter in session.Subscriptions.Keys)
        {
            _subscriptions.Remove(session, filter);
        }
    }

    public RetainedMessage? Retained(string topic) => _retained.Find(topic);

    public IReadOnlyList<RetainedMessage> RetainedAfter(string topic) => _retained.After(topic);

    public void ForgetRetained() => _retained.Clear();
}
