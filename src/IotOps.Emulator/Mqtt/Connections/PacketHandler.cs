using System.Buffers;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Rules;
using IotOps.Emulator.Mqtt.Sessions;

namespace IotOps.Emulator.Mqtt.Connections;

/// <summary>Does what a client's packets ask for, one after the other.</summary>
internal sealed class PacketHandler(Broker broker, ClientConnection connection)
{
    private readonly Dictionary<uint, string> _aliases = [];

    // Only what a fault kept from being acknowledged stays in here.
    private readonly HashSet<ushort> _unacknowledged = [];

    public Task HandleAsync(byte header, in ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        if (connection.Connect is null)
        {
            return ConnectAsync(header, body.ToArray(), cancellationToken);
        }

        Packet packet = body.IsSingleSegment
            ? PacketDecoder.Decode(header, body.FirstSpan, connection.Version)
            : PacketDecoder.Decode(header, body.ToArray(), connection.Version);
        switch (packet)
        {
            case PublishPacket publish:
                return PublishAsync(publish, cancellationToken);
            case AckPacket { Type: PacketType.PubAck } ack:
                broker.Acknowledge(connection, ack.PacketId, ack.Reason);
                return Task.CompletedTask;
            case SubscribePacket subscribe:
                return SubscribeAsync(subscribe, cancellationToken);
            case UnsubscribePacket unsubscribe:
                return UnsubscribeAsync(unsubscribe, cancellationToken);
            case PingPacket { Type: PacketType.PingReq }:
                return PingAsync(cancellationToken);
            case ReasonPacket { Type: PacketType.Disconnect } disconnect:
                broker.Leave(connection, disconnect);
                connection.Close(reason: null);
                return Task.CompletedTask;
            default:
                throw ProtocolViolation.Protocol($"A client does not send {packet.Type} here.");
        }
    }

    private async Task ConnectAsync(byte header, byte[] body, CancellationToken cancellationToken)
    {
        if (header >> 4 != (int)PacketType.Connect)
        {
            throw ProtocolViolation.Protocol("The first packet is not a CONNECT.");
        }

        try
        {
            var connect = (ConnectPacket)PacketDecoder.Decode(header, body, version: 0);
            ConnectRules.Check(connect, broker.Options.Limits);
            Fault? fault = broker.TakeFault("MqttConnect", connect.ClientId, topic: null);
            if (fault is not null && !await BeforeAsync(fault, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (fault?.ReasonCode is { } reason)
            {
                if (reason == (byte)ReasonCode.NotAuthorized)
                {
                    broker.Refuse(connection, connect);
                }

                throw new ProtocolViolation((ReasonCode)reason, "Injected fault.");
            }

            broker.Connect(connection, connect, isAnswered: fault is not ({ NoAnswer: true } or { DropAfterAccepting: true }));
            if (fault is { DropAfterAccepting: true })
            {
                connection.Close(reason: null);
            }
        }
        catch (ProtocolViolation violation)
        {
            Refuse(ConnectDecoder.VersionOf(body), violation.Reason);
            throw;
        }
    }

    // MQTT 3.1.1 has five return codes; what none of them says ends the connection without one.
    private void Refuse(byte version, ReasonCode reason)
    {
        byte code = (version, reason) switch
        {
            ( >= 5, _) => (byte)reason,
            (_, ReasonCode.UnsupportedProtocolVersion) => 1,
            (_, ReasonCode.ClientIdentifierNotValid) => 2,
            (_, (ReasonCode)0x88 or (ReasonCode)0x89) => 3,
            (_, (ReasonCode)0x86) => 4,
            (_, ReasonCode.NotAuthorized) => 5,
            _ => 0,
        };
        if (code != 0)
        {
            connection.SendRefusal(new ConnAckPacket(SessionPresent: false, code), version >= 5 ? (byte)5 : (byte)4);
        }
    }

    private async Task PublishAsync(PublishPacket packet, CancellationToken cancellationToken)
    {
        string topic = Topic(packet);
        PublishRules.Check(topic, packet.Payload.Length, packet.Properties, broker.Options.Limits);
        PublishRules.CheckFormat(packet);
        if (packet.QoS == 2)
        {
            // To MQTT 3.1.1 AWS IoT Core gives no answer at all.
            if (connection.Version >= 5)
            {
                throw new ProtocolViolation(ReasonCode.QoSNotSupported, "QoS 2 is not offered.");
            }

            return;
        }

        Fault? fault = broker.TakeFault("MqttPublish", connection.Connect!.ClientId, topic);
        if (fault is not null && !await BeforeAsync(fault, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        Admit(packet);
        if (fault?.ReasonCode is { } reason && connection.Version >= 5)
        {
            Answer(packet, (ReasonCode)reason);
            return;
        }

        bool isHeard = fault is { Lose: true } || broker.Receive(connection, packet, topic);
        if (fault is { Twice: true })
        {
            broker.Receive(connection, packet, topic);
        }

        if (fault is { DropAfterAccepting: true })
        {
            connection.Close(reason: null);
        }
        else if (fault is not { NoAnswer: true })
        {
            Answer(packet, isHeard ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers);
        }

        // Behind the PUBACK, as with AWS, where the services hear of a message later than its sender's broker.
        broker.TellServices(topic, packet.Payload, connection.Connect.ClientId, fault);
    }

    private void Admit(PublishPacket packet)
    {
        if (packet.QoS > 0 && _unacknowledged.Add(packet.PacketId) && _unacknowledged.Count > broker.Options.Limits.MaxInFlight && connection.Version >= 5)
        {
            throw new ProtocolViolation(ReasonCode.ReceiveMaximumExceeded, $"More than {broker.Options.Limits.MaxInFlight} messages are unacknowledged.");
        }
    }

    private void Answer(PublishPacket packet, ReasonCode reason)
    {
        if (packet.QoS > 0)
        {
            _unacknowledged.Remove(packet.PacketId);
            connection.Send(new AckPacket(PacketType.PubAck, packet.PacketId, reason));
        }
    }

    private string Topic(PublishPacket packet)
    {
        if (packet.Properties.Number(PropertyId.TopicAlias) is not { } alias)
        {
            return packet.Topic.Length > 0 ? packet.Topic : throw ProtocolViolation.Protocol("A PUBLISH has neither topic nor alias.");
        }

        if (alias == 0 || alias > broker.Options.Limits.MaxTopicAliases)
        {
            throw new ProtocolViolation(ReasonCode.TopicAliasInvalid, $"Topic alias {alias} is not 1 to {broker.Options.Limits.MaxTopicAliases}.");
        }

        if (packet.Topic.Length > 0)
        {
            _aliases[alias] = packet.Topic;
            return packet.Topic;
        }

        return _aliases.GetValueOrDefault(alias) ?? throw ProtocolViolation.Protocol($"Topic alias {alias} was never given a topic.");
    }

    private async Task SubscribeAsync(SubscribePacket packet, CancellationToken cancellationToken)
    {
        if (SubscribeRules.IsIgnored(packet, connection.Version))
        {
            return;
        }

        SubscribeRules.Check(packet, broker.Options.Limits);
        Fault? fault = broker.TakeFault("MqttSubscribe", connection.Connect!.ClientId, packet.Requests[0].Filter);
        if (fault is not null && !await BeforeAsync(fault, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        if (fault?.ReasonCode is { } reason)
        {
            byte code = connection.Version >= 5 ? reason : (byte)ReasonCode.UnspecifiedError;
            connection.Send(new SubscriptionAckPacket(PacketType.SubAck, packet.PacketId, Enumerable.Repeat(code, packet.Requests.Count).ToArray()));
            return;
        }

        broker.Subscribe(connection, packet, isAnswered: fault is not ({ NoAnswer: true } or { DropAfterAccepting: true }));
        if (fault is { DropAfterAccepting: true })
        {
            connection.Close(reason: null);
        }
    }

    private async Task UnsubscribeAsync(UnsubscribePacket packet, CancellationToken cancellationToken)
    {
        Fault? fault = broker.TakeFault("MqttUnsubscribe", connection.Connect!.ClientId, packet.Filters[0]);
        if (fault is not null && !await BeforeAsync(fault, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        byte[] codes = broker.Unsubscribe(connection, packet);
        if (fault is { DropAfterAccepting: true })
        {
            connection.Close(reason: null);
        }
        else if (fault is not { NoAnswer: true })
        {
            connection.Send(new SubscriptionAckPacket(PacketType.UnsubAck, packet.PacketId, codes));
        }
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        Fault? fault = broker.TakeFault("MqttPing", connection.Connect!.ClientId, topic: null);
        if ((fault is null || await BeforeAsync(fault, cancellationToken).ConfigureAwait(false)) && fault is not { NoAnswer: true })
        {
            connection.Send(new PingPacket(PacketType.PingResp));
        }
    }

    /// <returns>False when the connection was cut.</returns>
    private async Task<bool> BeforeAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, broker.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        if (fault.DropBeforeAccepting)
        {
            connection.Abort();
        }

        return !fault.DropBeforeAccepting;
    }
}
