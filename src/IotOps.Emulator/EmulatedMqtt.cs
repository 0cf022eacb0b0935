using System.Text;
using IotOps.Emulator.Mqtt;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator;

/// <summary>
/// The message broker of AWS IoT Core: MQTT 5 and 3.1.1 with QoS 0 and 1, over TCP, TLS and WebSocket, with AWS's quotas. What goes
/// wrong on purpose is in <see cref="AwsEmulator.Faults"/>. Thread-safe.
/// </summary>
public sealed class EmulatedMqtt
{
    private readonly Broker _broker;
    private readonly MqttEndpoint _endpoint;

    internal EmulatedMqtt(Broker broker, MqttEndpoint endpoint, Uri webSocketEndpoint)
    {
        _broker = broker;
        _endpoint = endpoint;
        Received = new ReceivedMessageCollection(broker.Received);
        WebSocketEndpoint = webSocketEndpoint;
    }

    /// <summary>Loopback port of MQTT without TLS, which AWS does not have; any client is let in.</summary>
    public int Port => _endpoint.Port;

    /// <summary>
    /// Port of MQTT over TLS on <c>localhost</c>. Clients show a certificate of <see cref="EmulatedIot.IssueDeviceCertificate"/> and trust
    /// <see cref="EmulatedIot.CertificateAuthorityPem"/>; ALPN <c>x-amzn-mqtt-ca</c> is answered.
    /// </summary>
    public int TlsPort => _endpoint.TlsPort;

    /// <summary>
    /// MQTT over WebSocket, <c>ws://127.0.0.1:PORT/mqtt</c>, subprotocol <c>mqtt</c>. The query is presigned for the service
    /// <c>iotdevicegateway</c>, a session token is appended after signing.
    /// </summary>
    public Uri WebSocketEndpoint { get; }

    /// <summary>What clients published.</summary>
    public ReceivedMessageCollection Received { get; }

    /// <summary>Who is connected, sorted by client id.</summary>
    public IReadOnlyList<ConnectedClient> Clients => _broker.Clients();

    /// <summary>Client ids of every session that is held, connected or not, sorted.</summary>
    public IReadOnlyList<string> Sessions => _broker.Sessions();

    /// <summary>Messages that did not reach a client because its queue was full, it did not read, or it takes no packets of that size.</summary>
    public long DroppedMessages => _broker.Dropped;

    /// <summary>Connections that ended because of what the client sent.</summary>
    public long ProtocolViolations => _broker.Violations;

    /// <summary>False between <see cref="StopListening"/> and <see cref="StartListening"/>.</summary>
    public bool IsListening => _endpoint.IsListening;

    /// <summary>Publishes from the cloud's side; no quota applies, and no service hears of it.</summary>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="payload">Not copied: it must stay unchanged.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="retain">Whether it is kept for later subscribers; an empty payload clears it.</param>
    public void Publish(string topic, ReadOnlyMemory<byte> payload, int qos = 1, bool retain = false)
    {
        if (!TopicFilter.IsName(topic))
        {
            throw new ArgumentException($"'{topic}' is no topic to publish to: it is empty or has wildcards.", nameof(topic));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(qos);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(qos, 1);
        _broker.Publish(new BrokerMessage(topic, payload) { QoS = (byte)qos, Retain = retain });
    }

    /// <summary>Publishes UTF-8 text from the cloud's side.</summary>
    public void Publish(string topic, string payload, int qos = 1, bool retain = false) => Publish(topic, Encoding.UTF8.GetBytes(payload), qos, retain);

    /// <summary>Ends a client's connection; an MQTT 5 client is told why.</summary>
    /// <param name="clientId">Whose.</param>
    /// <param name="reasonCode">0x80 or above; administrative action unless given.</param>
    /// <returns>False when no such client is connected.</returns>
    public bool Disconnect(string clientId, byte reasonCode = 0x98)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(reasonCode, (byte)0x80);
        return _broker.Disconnect(clientId, (ReasonCode)reasonCode);
    }

    /// <summary>Cuts a client's connection by a TCP reset.</summary>
    /// <returns>False when no such client is connected.</returns>
    public bool Cut(string clientId) => _broker.Disconnect(clientId, reason: null);

    /// <summary>
    /// Cuts every connection and refuses new ones, as when the broker is killed: no will is published. A second call does nothing
    /// but what <paramref name="keepSessions"/> says.
    /// </summary>
    /// <param name="keepSessions">False forgets sessions and retained messages.</param>
    public void StopListening(bool keepSessions = true) => _endpoint.Stop(keepSessions);

    /// <summary>Listens again, on the same ports.</summary>
    /// <exception cref="IOException">Another process took a port meanwhile.</exception>
    public void StartListening() => _endpoint.Start();

    /// <summary>Messages that a session holds for its client, sent but unacknowledged ones included; 0 when there is no such session.</summary>
    public int PendingMessages(string clientId) => _broker.Waiting(clientId);

    /// <summary>Waits until a client is connected. There is no limit but the token.</summary>
    public async Task<ConnectedClient> WaitForClientAsync(string clientId, CancellationToken cancellationToken = default) =>
        (await WaitAsync(c => c.ClientId == clientId, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Waits until a client is not connected. There is no limit but the token.</summary>
    public Task WaitForDepartureAsync(string clientId, CancellationToken cancellationToken = default) =>
        WaitAsync(c => c.ClientId == clientId, cancellationToken, isWanted: false);

    /// <summary>Waits until a connected client has a subscription of exactly this filter. There is no limit but the token.</summary>
    public async Task<ConnectedClient> WaitForSubscriptionAsync(string clientId, string topicFilter, CancellationToken cancellationToken = default) =>
        (await WaitAsync(c => c.ClientId == clientId && c.Subscriptions.Contains(topicFilter, StringComparer.Ordinal), cancellationToken).ConfigureAwait(false))!;

    private async Task<ConnectedClient?> WaitAsync(Func<ConnectedClient, bool> isSought, CancellationToken cancellationToken, bool isWanted = true)
    {
        while (true)
        {
            Task changed = _broker.Changed.Next;
            ConnectedClient? found = Clients.FirstOrDefault(isSought);
            if (found is not null == isWanted)
            {
                return found;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
