namespace IotOps.Emulator;

/// <summary>How the emulator's MQTT broker listens and what it allows.</summary>
public sealed record EmulatedMqttOptions
{
    /// <summary>Loopback port for MQTT without TLS; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Loopback port for MQTT over TLS with client certificates; 0 takes a free one.</summary>
    public int TlsPort { get; init; }

    /// <summary>
    /// Whether the TLS port wants a server name in the handshake, as AWS does: a client that connects to an address and names
    /// no host is cut off. True by default.
    /// </summary>
    public bool RequireServerName { get; init; } = true;

    /// <summary>The quotas that are enforced; those of AWS IoT Core unless set.</summary>
    public EmulatedMqttLimits Limits { get; init; } = EmulatedMqttLimits.AwsIotCore;

    /// <summary>A keep-alive that MQTT 5 clients are told to use in place of their own; null leaves theirs within the limits.</summary>
    public TimeSpan? ServerKeepAlive { get; init; }

    /// <summary>How long a persistent session of MQTT 3.1.1 outlives its connection. 1 h by default.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// QoS 1 messages that wait in one session, those in flight not counted. Beyond it the newest are dropped, and counted in
    /// <see cref="EmulatedMqtt.DroppedMessages"/>. 10,000 by default.
    /// </summary>
    public int MaxQueuedMessages { get; init; } = 10_000;

    /// <summary>
    /// Bytes that wait for one connection's socket. Beyond it QoS 0 messages to it are dropped and counted, and nothing more
    /// is read from it. 4 MiB by default.
    /// </summary>
    public int MaxUnsentBytes { get; init; } = 4 << 20;

    /// <summary>
    /// How long the connections of a certificate outlive its being deactivated or revoked; AWS IoT Core ends them within a few minutes. New ones
    /// are refused at once. 1 min by default.
    /// </summary>
    public TimeSpan DeactivationDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Topics that may have a retained message. Beyond it a new one is not kept, and counted as dropped. 10,000 by default.</summary>
    public int MaxRetainedMessages { get; init; } = 10_000;
}
