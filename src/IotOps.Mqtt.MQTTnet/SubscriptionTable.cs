using System.Buffers;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using WireVersion = MQTTnet.Formatter.MqttProtocolVersion;

namespace IotOps.Mqtt;

/// <summary>All subscriptions, which outlive connections; what the broker does not know of them; who gets a message.</summary>
internal sealed class SubscriptionTable(IMqttClient client, MqttLimits limits)
{
    private const int LargestReceiveMaximum = 65_535;

    private readonly Lock _lock = new();

    // Filters that the broker may have. It may have some that no subscription wants any more.
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    // Replaced as a whole, so that dispatching needs no lock.
    private volatile Subscription[] _subscriptions = [];
    private int _session;
    private bool _closed;

    /// <summary>The next one that the broker does not know.</summary>
    public Subscription? Unknown => Array.Find(_subscriptions, subscription => !subscription.IsKnown);

    /// <summary>Takes a subscription in, of which the broker has to be told.</summary>
    /// <exception cref="ArgumentException">A filter or an option is invalid.</exception>
    /// <exception cref="MqttException">A limit does not allow it, or the table is closed.</exception>
    public Subscription Add(Subscriber subscriber, IReadOnlyList<string> topicFilters, MqttSubscribeOptions subscribe)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(subscribe.Capacity, nameof(subscribe));
        string[] filters = [.. topicFilters.Distinct(StringComparer.Ordinal)];
        if (filters.Length == 0)
        {
            throw new ArgumentException("Give at least one topic filter.", nameof(topicFilters));
        }

        Array.ForEach(filters, limits.CheckFilter);
        lock (_lock)
        {
            if (_closed)
            {
                throw ClientErrors.Closed();
            }

            int after = _subscriptions.SelectMany(subscription => subscription.TopicFilters).Union(filters, StringComparer.Ordinal).Count();
            if (after > limits.Subscriptions)
            {
                throw new MqttException($"{after} topic filters would be subscribed; the limit is {limits.Subscriptions} (MqttLimits.Subscriptions). Use wildcards, or dispose a subscription first.")
                {
                    Reason = MqttReasonCode.QuotaExceeded,
                };
            }

            RefuseSharesThatOverlap(filters);
            var subscription = new Subscription(subscriber, filters, subscribe);
            _subscriptions = [.. _subscriptions, subscription];
            return subscription;
        }
    }

    public void Remove(Subscription subscription, MqttException? error)
    {
        lock (_lock) { _subscriptions = [.. _subscriptions.Where(other => other != subscription)]; }
        subscription.End(error);
    }

    /// <summary>Takes no more in, and returns what there is.</summary>
    public Subscription[] Close()
    {
        lock (_lock)
        {
            _closed = true;
            return _subscriptions;
        }
    }

    /// <summary>The broker accepted a connection. Without a session it has forgotten all filters; with one it sends again what was not acknowledged.</summary>
    public void Accepted(bool sessionPresent, AcknowledgementQueue connection)
    {
        if (sessionPresent)
        {
            Array.ForEach(_subscriptions, subscription => subscription.Queue.ReleaseEarlier(connection));
            return;
        }

        lock (_lock)
        {
            _session++;
            _known.Clear();
            Array.ForEach(_subscriptions, subscription => subscription.IsKnown = false);
        }
    }

    /// <summary>Of the filters that the broker may have, those that nobody wants; as many as a packet may hold.</summary>
    public string[] Leaving()
    {
        lock (_lock)
        {
            return [.. _known.Except(_subscriptions.SelectMany(subscription => subscription.TopicFilters), StringComparer.Ordinal).Take(limits.FiltersPerPacket)];
        }
    }

    /// <summary>The broker does not have these filters.</summary>
    public void Forget(params string[] filters)
    {
        lock (_lock) { _known.ExceptWith(filters); }
    }

    /// <summary>The broker is about to be asked for these filters. Returns the session for <see cref="Granted"/>, and what to ask.</summary>
    public (int Session, MqttTopicFilter[] Packet) Ask(string[] filters)
    {
        lock (_lock)
        {
            _known.UnionWith(filters);
            return (_session, Array.ConvertAll(filters, Packet));
        }
    }

    /// <summary>The broker granted all filters of a subscription, in a session that may be lost meanwhile: then it is asked again.</summary>
    public void Granted(Subscription subscription, int session)
    {
        lock (_lock)
        {
            subscription.IsKnown = session == _session;
        }

        if (subscription.IsKnown)
        {
            subscription.Grant();
        }
    }

    /// <summary>Gives a message to every subscription it is for, once each. What is for none is left to the application's own handlers.</summary>
    public void Dispatch(MqttApplicationMessageReceivedEventArgs received, AcknowledgementQueue acknowledgements)
    {
        MqttApplicationMessage message = received.ApplicationMessage;
        Subscription[] users = Array.FindAll(_subscriptions, subscription => subscription.Matches(message.Topic));
        if (users.Length == 0)
        {
            return;
        }

        bool qos1 = message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        IDisposable? delivery = qos1 ? acknowledgements.Add(received, users.Length) : null;
        MqttPublishOptions? properties = ApplicationMessages.PropertiesOf(message);
        int receiveMaximum = client.Options is { ProtocolVersion: WireVersion.V500, ReceiveMaximum: > 0 and var maximum } ? maximum : LargestReceiveMaximum;
        foreach (Subscription user in users)
        {
            user.Queue.Write(
                new MqttReceivedMessage(
                    message.Topic,
                    message.Payload.IsSingleSegment ? message.Payload.First : message.Payload.ToArray(),
                    qos1 ? MqttQualityOfService.AtLeastOnce : MqttQualityOfService.AtMostOnce,
                    delivery)
                {
                    Retain = message.Retain,
                    Duplicate = message.Dup,
                    Properties = properties,
                },
                acknowledgements,
                receiveMaximum);
        }
    }

    // MQTTnet tells no subscription from another by identifier, so that a copy for the share would go to the other filter's subscriber too, and
    // the other way round: each job would be done several times.
    private void RefuseSharesThatOverlap(string[] filters)
    {
        string[] all = [.. _subscriptions.SelectMany(subscription => subscription.TopicFilters).Union(filters, StringComparer.Ordinal)];
        foreach (string filter in filters)
        {
            if (Array.Find(all, other => other != filter && (MqttTopic.IsShared(filter) || MqttTopic.IsShared(other)) && MqttTopic.Overlap(filter, other)) is { } other)
            {
                throw new MqttException($"'{filter}' and '{other}' match the same topics and one of them is shared: over MQTTnet their copies cannot be told apart. Use a client of its own for one of them.");
            }
        }
    }

    // The broker knows one setting for a filter, however many subscriptions share it. MQTT 3.1.1 has no NoLocal.
    private MqttTopicFilter Packet(string filter)
    {
        Subscription[] users = Array.FindAll(_subscriptions, subscription => subscription.TopicFilters.Contains(filter, StringComparer.Ordinal));
        return new MqttTopicFilter
        {
            Topic = filter,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)users.Select(user => user.Options.QualityOfService).DefaultIfEmpty().Max(),
            NoLocal = client.Options.ProtocolVersion == WireVersion.V500 && Array.TrueForAll(users, user => user.Options.NoLocal),
        };
    }
}
