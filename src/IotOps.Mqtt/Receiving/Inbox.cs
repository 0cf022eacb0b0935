using IotOps.Mqtt.Codec;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Receiving;

/// <summary>The PUBLISH packets of one connection: read, given to whom they are for, acknowledged. The receive loop's alone.</summary>
internal sealed class Inbox(
    AcknowledgementQueue acknowledgements, MqttConnectionOptions options, long connection,
    SubscriptionTable subscriptions, UnmatchedMessages unmatched, MqttCounters counters, ILogger logger)
{
    private readonly MqttProtocolVersion _version = options.ProtocolVersion;
    private readonly TopicAliases _aliases = new(options.TopicAliasMaximum);
    private readonly MessageRouter _router = subscriptions.Router;
    private int _withheld;

    /// <summary>The topic of the message that ended the connection because it cannot be read; empty when that cannot either, null when it was something else.</summary>
    public string? UnreadableMessage { get; private set; }

    /// <summary>Acknowledges nothing more.</summary>
    public void Close() => acknowledgements.Close();

    /// <summary>Takes the beginning of a message that is too large.</summary>
    public void PassOver(FrameHeader header, ReadOnlySpan<byte> beginning)
    {
        PublishPacket packet;
        string topic;
        try
        {
            packet = PublishCodec.ReadBeginning(header, beginning, _version);

            // Resolved also for what it may say to later packets.
            topic = packet.Topic.IsEmpty && packet.TopicAlias == 0 ? "" : _aliases.Resolve(packet);
        }
        catch (MqttException)
        {
            UnreadableMessage = PublishCodec.TopicOf(beginning);
            throw;
        }

        counters.Oversize();
        Log.Oversize(logger, options.ClientId, topic, header.Length, options.MaxPacketBytes);
        Delivery delivery = Expect(packet, payload: default);
        delivery.Reason = MqttReasonCode.QuotaExceeded;
        delivery.Dispose();
    }

    /// <summary>Takes a message.</summary>
    public void Receive(FrameHeader header, ReadOnlySpan<byte> body)
    {
        PublishPacket packet;
        string topic;
        try
        {
            packet = PublishCodec.Read(header, body, _version);
            topic = _aliases.Resolve(packet);
        }
        catch (MqttException)
        {
            UnreadableMessage = PublishCodec.TopicOf(body);
            throw;
        }

        Delivery delivery = Expect(packet, packet.Payload);
        counters.Received();
        if (!_router.Dispatch(topic, packet, delivery, connection))
        {
            delivery.Reason = unmatched.Answer(topic, packet.QualityOfService, isLeaving: subscriptions.IsLeaving(topic), ref _withheld);
        }

        // The loop's own share: a message that nobody takes is answered now.
        delivery.Dispose();
    }

    private Delivery Expect(in PublishPacket packet, ReadOnlySpan<byte> payload)
    {
        bool isAcknowledged = packet.QualityOfService == MqttQualityOfService.AtLeastOnce;
        var delivery = new Delivery(payload, packet.PacketId, isAcknowledged ? acknowledgements : null);
        if (isAcknowledged && !acknowledgements.TryAdd(delivery))
        {
            throw new MqttException($"The broker sent more than {options.ReceiveMaximum} QoS 1 messages that were not disposed yet (ReceiveMaximum). Dispose messages sooner, or raise it; the broker sends them again.")
            {
                Reason = MqttReasonCode.ReceiveMaximumExceeded,
                IsTransient = true,
            };
        }

        return delivery;
    }
}
