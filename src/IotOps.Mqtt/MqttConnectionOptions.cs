using System.Net;
using IotOps.Mqtt.Connecting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Mqtt;

/// <summary>Where an <see cref="MqttConnection"/> connects to, as whom, and what it may use meanwhile. Checked by its constructor.</summary>
public sealed record MqttConnectionOptions
{
    /// <summary>Broker's host name, such as <c>a1b2c3-ats.iot.eu-west-1.amazonaws.com</c>; not needed with <see cref="WebSocketUri"/>.</summary>
    public string Host { get; init; } = "";

    /// <summary>Broker's port; null takes 8883 with TLS and 1883 without.</summary>
    public int? Port { get; init; }

    /// <summary>TLS, the default; null connects in the clear.</summary>
    public MqttTlsOptions? Tls { get; init; } = new();

    /// <summary>
    /// Connects by WebSocket to the URI this makes, which is called anew at every attempt, because the signature in such a URI is good for a
    /// short while only. The subprotocol is <c>mqtt</c>; with a <c>wss</c> URI, <see cref="Tls"/> still says whom to trust.
    /// </summary>
    public Func<CancellationToken, ValueTask<Uri>>? WebSocketUri { get; init; }

    /// <summary>
    /// An HTTP proxy for all ways to connect: <c>new WebProxy("http://proxy:3128") { Credentials = new NetworkCredential(user, password) }</c>, or
    /// <see cref="System.Net.Http.HttpClient.DefaultProxy"/> to follow <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>. TCP and TLS go through it by CONNECT,
    /// with Basic authentication when there are credentials; the TLS session stays between the broker and this client. Null, the default: none,
    /// but a WebSocket follows the environment.
    /// </summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>The client's name at the broker, where only one connection at a time may have it.</summary>
    public required string ClientId { get; init; }

    /// <summary>The version spoken. <see cref="MqttProtocolVersion.V5"/> by default.</summary>
    public MqttProtocolVersion ProtocolVersion { get; init; } = MqttProtocolVersion.V5;

    /// <summary>User name, for brokers and custom authorisers that want one.</summary>
    public string? UserName { get; init; }

    /// <summary>Password or token; empty for none.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>What the broker publishes when this client vanishes.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>
    /// Forgets what the broker knows of this client at the first connection (MQTT 5), or at every connection (3.1.1, which then keeps no
    /// session at all).
    /// </summary>
    public bool CleanStart { get; init; }

    /// <summary>MQTT 5: how long the broker keeps the session without a connection, whole seconds; zero ends it with the connection. 1 h by default.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest silence; a broker that names a time of its own is obeyed. A dead link is noticed within 1.5 times this; one that is slow is not dead while bytes leave. 30 s by default.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most QoS 1 publications sent and not acknowledged, 1-10,000; the broker and the <see cref="Limits"/> may want fewer. What is beyond waits. 100 by default.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>
    /// Most QoS 1 messages that wait to be disposed, 1-65,535. MQTT 5 tells the broker. A broker that sends more all the same, as one of MQTT
    /// 3.1.1 may, is disconnected with <see cref="MqttReasonCode.ReceiveMaximumExceeded"/>, and sends them again later. AWS IoT Core and
    /// mosquitto keep below 100, the default.
    /// </summary>
    public int ReceiveMaximum { get; init; } = 100;

    /// <summary>What becomes of QoS 1 messages that no subscription and no listener takes. <see cref="MqttUnmatchedPolicy.Acknowledge"/> by default.</summary>
    public MqttUnmatchedPolicy UnmatchedPolicy { get; init; }

    /// <summary>MQTT 5: topics the broker may abbreviate towards us, 0-64. 8 by default.</summary>
    public int TopicAliasMaximum { get; init; } = 8;

    /// <summary>
    /// Largest packet taken from the broker, 256 or more. MQTT 5 tells it. A message in a larger one is passed over, acknowledged (MQTT 5: with
    /// <see cref="MqttReasonCode.QuotaExceeded"/>), counted and logged with its topic. 256 KiB by default.
    /// </summary>
    public int MaxPacketBytes { get; init; } = 256 * 1024;

    /// <summary>What becomes of publications while the connection is down. <see cref="MqttOfflinePolicy.KeepQoS1"/> by default.</summary>
    public MqttOfflinePolicy OfflinePolicy { get; init; }

    /// <summary>Bytes (topic, payload and 128 each) of publications that may wait to be sent; a publication beyond fails at once. 4 MiB by default.</summary>
    public long QueueLimitBytes { get; init; } = 4L << 20;

    /// <summary>What the broker allows.</summary>
    public MqttLimits Limits { get; init; } = MqttLimits.AwsIotCore;

    /// <summary>
    /// Longest time for the socket, TLS and WebSocket to be set up. The addresses of a host share it: each is tried 250 ms after the one before
    /// it, and one that came to nothing is tried last at the next attempt (RFC 8305). 10 s by default.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from CONNECT to CONNACK. 20 s by default.</summary>
    public TimeSpan ConnackTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Longest time for a PUBACK, SUBACK or UNSUBACK from when the packet has left. After it the link is probed by a ping; still nothing by the time a ping may take, and the
    /// connection is made anew. 1 min by default.
    /// </summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time disposal waits for what is under way; the same again for the farewell. 5 s by default.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Upper end of the first delay before an attempt to connect again; it doubles with each, and the delay is anything from zero to it. 1 s by default.</summary>
    public TimeSpan MinReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling ends. 2 min by default.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Clock of all waits; only its monotonic side is used.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the connection logs; never payloads, never secrets.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Replaces the network.</summary>
    internal Func<CancellationToken, ValueTask<Transport>>? Dial { get; init; }

    /// <summary>Replaces DNS.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>>? Resolve { get; init; }

    /// <summary>Replaces the dice, 0.0 to 1.0.</summary>
    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    // The compiler's own would print the password's memory and user name into logs.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Host = ").Append(Host).Append(", ClientId = ").Append(ClientId);
        return true;
    }
}
