using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Mqtt;

/// <summary>
/// What an <see cref="MqttNetConnection"/> adds to its MQTTnet client. Where to connect, as whom, keep-alive, session and will are said in the
/// client's own options.
/// </summary>
public sealed record MqttNetConnectionOptions
{
    /// <summary>Most QoS 1 publications sent and not acknowledged, 1-10,000; the broker and the <see cref="Limits"/> may want fewer. What is beyond waits.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>
    /// Most QoS 1 messages that wait to be disposed, 1-65,535, when the client's options name no ReceiveMaximum. A broker that sends more is
    /// disconnected, and sends them again later.
    /// </summary>
    public int ReceiveMaximum { get; init; } = 100;

    /// <summary>What becomes of publications while the connection is down.</summary>
    public MqttOfflinePolicy OfflinePolicy { get; init; }

    /// <summary>Bytes (topic, payload and 128 each) of publications that may wait to be sent; a publication beyond fails at once.</summary>
    public long QueueLimitBytes { get; init; } = 4L << 20;

    /// <summary>What the broker allows.</summary>
    public MqttLimits Limits { get; init; } = MqttLimits.AwsIotCore;

    /// <summary>Longest time from the start of an attempt to its CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for a PUBACK. After it the link is probed by a ping; still nothing, and the connection is made anew.</summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time disposal waits for what is under way; the same again for the farewell.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Upper end of the first delay before an attempt to connect again; it doubles with each, and the delay is anything from zero to it.</summary>
    public TimeSpan MinReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling ends.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Clock of all waits of this side; only its monotonic side is used. MQTTnet's own timers go by the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the connection logs; never payloads, never secrets.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Replaces the dice, 0.0 to 1.0.</summary>
    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
