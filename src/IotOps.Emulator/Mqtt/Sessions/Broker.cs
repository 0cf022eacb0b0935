using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Rules;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>Who is connected, what is remembered of whom, and the one lock around it all. Thread-safe.</summary>
internal sealed class Broker : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FaultInjector _faults;
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly MessageRouter _router;
    private readonly LateActions _late;
    private readonly ConnectionHistory _history;
    private readonly LifecycleEvents _lifecycle;
    private readonly CancellationTokenSource _stopping = new();
    private long _dropped;
    private long _violations;

    public Broker(EmulatedMqttOptions options, FaultInjector faults, TimeProvider timeProvider)
    {
        Options = options;
        TimeProvider = timeProvider;
        _faults = faults;
        _late = new LateActions(timeProvider);
        _history = new ConnectionHistory(timeProvider);
        _router = new MessageRouter(this);
        _lifecycle = new LifecycleEvents(timeProvider, message => _router.Route(message, publisher: null));
    }

    public EmulatedMqttOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    /// <summary>What clients published.</summary>
    public RecentItems<ReceivedMessage> Received { get; } = new(m => m.Payload.Length);

    /// <summary>Fires when a client connects, leaves or subscribes.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>Ends with the emulator.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The rules, which hear every message: topic, payload, and the publisher's client id and principal. Set before the first client comes.</summary>
    public Action<string, ReadOnlyMemory<byte>, string?, string?>? Rules { get; set; }

    /// <summary>Services that hear what clients publish: topic, payload and client id. Set before the first client comes.</summary>
    public Action<string, ReadOnlyMemory<byte>, string?>? Services { get; set; }

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Violations => Interlocked.Read(ref _violations);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void CountViolation() => Interlocked.Increment(ref _violations);

    public Fault? TakeFault(string operation, string clientId, string? topic) =>
        _faults.IsEmpty ? null : _faults.Take(new FaultRequest { Operation = operation, ClientId = clientId, Topic = topic });

    /// <summary>Does something later, as far as the broker is concerned.</summary>
    public void After(TimeSpan delay, Action action) => _late.Start(delay, () =>
    {
        lock (_lock) { action(); }
    });

    /// <summary>Lets a client in: its session, a new one or the one it left, is its own from here on.</summary>
    public void Connect(IClient client, ConnectPacket connect, bool isAnswered)
    {
        bool isNamed = connect.ClientId.Length > 0;
        ConnectPacket named = isNamed ? connect : connect with { ClientId = Guid.NewGuid().ToString("N") };
        lock (_lock)
        {
            _sessions.TryGetValue(named.ClientId, out Session? session);
            _late.Cancel(session?.ExpiryTimer);
            if (session?.Client is { } old)
            {
                session.Leave();
                _lifecycle.Disconnected(session, old, ConnectionHistory.BySuccessor);
                PublishWill(session, isEnded: connect.CleanStart);
                old.Close(ReasonCode.SessionTakenOver);
            }

            _late.Cancel(session?.WillTimer);
            if (session is not null && connect.CleanStart)
            {
                Remove(session);
                session = null;
            }

            bool sessionPresent = session is not null;
            if (session is null)
            {
                session = new Session(this, named.ClientId);
                _sessions[named.ClientId] = session;
            }

            session.ConnectedAt = TimeProvider.GetUtcNow();
            session.EndReason = null;
            session.Expiry = ConnectRules.SessionExpiry(connect, Options);
            session.Will = connect.Will;
            client.Accept(named, sessionPresent, ConnectRules.KeepAlive(connect, Options));
            if (isAnswered)
            {
                client.Send(ConnectAnswer.Of(client, session, isNamed, Options));
            }

            session.Resume(client);
            _lifecycle.Connected(session, client);
        }

        Changed.Fire();
    }

    /// <summary>A client was refused because it may not connect.</summary>
    public void Refuse(IClient client, ConnectPacket connect)
    {
        lock (_lock) { _lifecycle.Failed(client, connect); }
    }

    /// <summary>A client said that it leaves.</summary>
    /// <exception cref="ProtocolViolation">It wants a session to outlive the connection that was not to.</exception>
    public void Leave(IClient client, ReasonPacket disconnect)
    {
        lock (_lock)
        {
            if (Find(client) is not { } session)
            {
                return;
            }

            if (disconnect.Properties.Number(PropertyId.SessionExpiry) is { } seconds)
            {
                if (session.Expiry == TimeSpan.Zero && seconds > 0)
                {
                    throw ProtocolViolation.Protocol("A DISCONNECT cannot make a session outlive its connection.");
                }

                var asked = TimeSpan.FromSeconds(seconds);
                session.Expiry = asked < Options.Limits.MaxSessionExpiry ? asked : Options.Limits.MaxSessionExpiry;
            }

            session.EndReason = ConnectionHistory.ByClient;
            if (disconnect.Reason != ReasonCode.DisconnectWithWill)
            {
                session.Will = null;
            }
        }
    }

    /// <summary>A connection ended.</summary>
    public void Detach(IClient client)
    {
        lock (_lock)
        {
            if (Find(client) is not { } session)
            {
                return;
            }

            End(session, client, session.EndReason ?? ConnectionHistory.ReasonOf(client.ClosedFor));
        }

        Changed.Fire();
    }

    /// <summary>Takes a client's message: keeps it when it is to be retained, and passes it on.</summary>
    /// <returns>Whether anybody is subscribed.</returns>
    public bool Receive(IClient client, PublishPacket packet, string topic)
    {
        bool isHeard;
        lock (_lock)
        {
            isHeard = _router.Route(BrokerMessage.From(packet, topic, TimeProvider), Find(client));
        }

        Received.Add(new ReceivedMessage
        {
            Topic = topic,
            Payload = packet.Payload,
            ClientId = client.Connect!.ClientId,
            QoS = packet.QoS,
            Retain = packet.Retain,
            Duplicate = packet.Duplicate,
            PacketId = packet.PacketId,
            ReceivedAt = TimeProvider.GetUtcNow(),
        });
        return isHeard;
    }

    /// <summary>Sends a message to one client, past subscriptions, queues, retained messages and services.</summary>
    /// <returns>What becomes of it.</returns>
    public Task<DirectOutcome> SendDirectAsync(string clientId, BrokerMessage message)
    {
        lock (_lock)
        {
            return _sessions.GetValueOrDefault(clientId) is { Client: { } client } session
                ? session.SendDirectAsync(client, new Delivery(message, message.QoS, Retain: false))
                : Task.FromResult(DirectOutcome.NotConnected);
        }
    }

    /// <summary>A client's connection, or how it ended when that is not long ago; null when nothing is known.</summary>
    public ConnectionState? Connection(string clientId)
    {
        lock (_lock)
        {
            return _sessions.GetValueOrDefault(clientId) is { Client: { } client } session
                ? ConnectionState.Of(session, client, session.ConnectedAt)
                : _history.Find(clientId);
        }
    }

    /// <summary>Ends a client's connection from the cloud's side; it is gone when this returns.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="cleanSession">Whether its session goes with it.</param>
    /// <param name="preventWill">Whether its will stays unsaid.</param>
    /// <returns>False when no such client is connected.</returns>
    public bool DeleteConnection(string clientId, bool cleanSession, bool preventWill)
    {
        lock (_lock)
        {
            if (_sessions.GetValueOrDefault(clientId) is not { Client: { } client } session)
            {
                return false;
            }

            session.Will = preventWill ? null : session.Will;
            session.Expiry = cleanSession ? TimeSpan.Zero : session.Expiry;
            End(session, client, ConnectionHistory.ByApi);
            client.Close(ReasonCode.AdministrativeAction);
        }

        Changed.Fire();
        return true;
    }

    /// <summary>Ends the connections of a certificate. Their wills are published.</summary>
    public void EndAllOf(string certificateId)
    {
        lock (_lock)
        {
            foreach (Session session in _sessions.Values.Where(one => one.Client?.Transport.CertificateId == certificateId).ToArray())
            {
                IClient client = session.Client!;
                End(session, client, ConnectionHistory.ByAuthentication);
                client.Close(ReasonCode.NotAuthorized);
            }
        }

        Changed.Fire();
    }

    /// <summary>The retained message of a topic; null when there is none.</summary>
    public RetainedMessage? Retained(string topic)
    {
        lock (_lock) { return _router.Retained(topic); }
    }

    /// <summary>Retained messages whose topics come behind another, by topic.</summary>
    public IReadOnlyList<RetainedMessage> RetainedAfter(string topic)
    {
        lock (_lock) { return _router.RetainedAfter(topic); }
    }

    /// <summary>Passes a message on that no MQTT client sent.</summary>
    public void Publish(BrokerMessage message)
    {
        lock (_lock) { _router.Route(message, publisher: null); }
    }

    /// <summary>Takes a message that came over HTTPS, as one that a client published.</summary>
    public void ReceiveFromApi(BrokerMessage message)
    {
        Publish(message);
        Received.Add(new ReceivedMessage { Topic = message.Topic, Payload = message.Payload, QoS = message.QoS, Retain = message.Retain, ReceivedAt = TimeProvider.GetUtcNow() });
        TellServices(message.Topic, message.Payload, clientId: null, fault: null);
    }

    /// <summary>Tells the services of a message; not under the lock, since they publish in turn.</summary>
    public void TellServices(string topic, ReadOnlyMemory<byte> payload, string? clientId, Fault? fault)
    {
        if (fault is { Lose: true })
        {
            return;
        }

        Services?.Invoke(topic, payload, clientId);
        if (fault is { Twice: true })
        {
            Services?.Invoke(topic, payload, clientId);
        }
    }

    public void Acknowledge(IClient client, ushort packetId, ReasonCode reason)
    {
        // One that is not under way: AWS IoT Core takes no notice, and neither do we.
        lock (_lock) { Find(client)?.Acknowledge(packetId, reason); }
    }

    public void Subscribe(IClient client, SubscribePacket packet, bool isAnswered)
    {
        lock (_lock)
        {
            if (Find(client) is not { } session)
            {
                return;
            }

            (byte[] codes, IReadOnlyList<Delivery> retained) = _router.Subscribe(session, packet, client.Version);

            // First the SUBACK, then what was retained.
            if (isAnswered)
            {
                client.Send(new SubscriptionAckPacket(PacketType.SubAck, packet.PacketId, codes));
            }

            foreach (Delivery delivery in retained)
            {
                session.Offer(delivery);
            }

            _lifecycle.Subscribed(session, client, packet.Requests.Where((_, i) => codes[i] < (byte)ReasonCode.UnspecifiedError).Select(request => request.Filter));
        }

        Changed.Fire();
    }

    /// <returns>A code for each filter.</returns>
    public byte[] Unsubscribe(IClient client, UnsubscribePacket packet)
    {
        byte[] codes;
        lock (_lock)
        {
            Session? session = Find(client);
            codes = session is null ? new byte[packet.Filters.Count] : _router.Unsubscribe(session, packet);
            if (session is not null)
            {
                _lifecycle.Unsubscribed(session, client, packet.Filters.Where((_, i) => codes[i] == (byte)ReasonCode.Success));
            }
        }

        Changed.Fire();
        return codes;
    }

    public IReadOnlyList<ConnectedClient> Clients()
    {
        lock (_lock)
        {
            return [.. _sessions.Values.Where(s => s.Client is not null).OrderBy(s => s.ClientId, StringComparer.Ordinal).Select(ClientDescription.Of)];
        }
    }

    public IReadOnlyList<string> Sessions()
    {
        lock (_lock) { return [.. _sessions.Keys.Order(StringComparer.Ordinal)]; }
    }

    /// <summary>Messages that wait for a client, in flight or not.</summary>
    public int Waiting(string clientId)
    {
        lock (_lock) { return _sessions.TryGetValue(clientId, out Session? session) ? session.Waiting + session.Unacknowledged : 0; }
    }

    /// <summary>Ends a client's connection.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="reason">What MQTT 5 clients are told; null cuts the connection without a word.</param>
    /// <returns>False when no such client is connected.</returns>
    public bool Disconnect(string clientId, ReasonCode? reason)
    {
        lock (_lock)
        {
            if (_sessions.GetValueOrDefault(clientId)?.Client is not { } client)
            {
                return false;
            }

            if (reason is null)
            {
                client.Abort();
            }
            else
            {
                _sessions[clientId].EndReason = ConnectionHistory.ByServer;
                client.Close(reason);
            }

            return true;
        }
    }

    /// <summary>Forgets who is connected, as a broker does that is killed: no will is published.</summary>
    public void Crash(bool keepSessions)
    {
        lock (_lock)
        {
            foreach (Session session in _sessions.Values.ToArray())
            {
                session.Client?.Abort();
                session.Leave();
                session.Will = null;
                if (keepSessions)
                {
                    Outlive(session);
                }
                else
                {
                    Remove(session);
                }
            }

            if (!keepSessions)
            {
                _router.ForgetRetained();
            }
        }

        Changed.Fire();
    }

    /// <summary>Cuts off every client, let in or not.</summary>
    public void End()
    {
        _stopping.Cancel();
        Crash(keepSessions: false);
    }

    /// <summary>After the last connection has ended.</summary>
    public void Dispose()
    {
        _late.Dispose();
        _stopping.Dispose();
    }

    private Session? Find(IClient client) =>
        client.Connect is { } connect && _sessions.TryGetValue(connect.ClientId, out Session? session) && session.Client == client ? session : null;

    private void End(Session session, IClient client, string reason)
    {
        _history.Add(ConnectionState.Of(session, client, TimeProvider.GetUtcNow(), reason));
        session.Leave();
        _lifecycle.Disconnected(session, client, reason);
        PublishWill(session, isEnded: session.Expiry == TimeSpan.Zero);
        Outlive(session);
    }

    private void PublishWill(Session session, bool isEnded)
    {
        if (session.Will is not { } will)
        {
            return;
        }

        session.Will = null;
        var delay = TimeSpan.FromSeconds(will.Properties.Number(PropertyId.WillDelay) ?? 0);
        if (isEnded || delay == TimeSpan.Zero)
        {
            _router.Route(BrokerMessage.From(will, will.Topic, TimeProvider), publisher: null);
        }
        else
        {
            // A session that ends takes its will with it, so the earlier of the two counts.
            TimeSpan wait = delay < session.Expiry ? delay : session.Expiry;
            session.WillTimer = _late.Start(wait, () =>
            {
                lock (_lock)
                {
                    if (session.Client is null)
                    {
                        _router.Route(BrokerMessage.From(will, will.Topic, TimeProvider), publisher: null);
                    }
                }
            });
        }
    }

    private void Outlive(Session session)
    {
        if (session.Expiry == TimeSpan.Zero)
        {
            Remove(session);
        }
        else if (session.Expiry.TotalSeconds < uint.MaxValue)
        {
            _late.Cancel(session.ExpiryTimer);
            session.ExpiryTimer = _late.Start(session.Expiry, () =>
            {
                lock (_lock)
                {
                    if (session.Client is null)
                    {
                        Remove(session);
                    }
                }
            });
        }
    }

    private void Remove(Session session)
    {
        _router.Forget(session);
        if (_sessions.GetValueOrDefault(session.ClientId) == session)
        {
            _sessions.Remove(session.ClientId);
        }
    }
}
