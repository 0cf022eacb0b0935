namespace IotOps.Mqtt;

/// <summary>
/// What a broker allows, checked before anything is sent: AWS IoT Core answers most violations by closing the connection, without a word in
/// MQTT 3.1.1. See https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits.
/// </summary>
public sealed record MqttLimits
{
    /// <summary>AWS IoT Core's quotas.</summary>
    public static MqttLimits AwsIotCore { get; } = new()
    {
        TopicBytes = 256,
        TopicSlashes = 7,
        PayloadBytes = 128 * 1024,
        Subscriptions = 50,
        FiltersPerPacket = 8,
        ClientIdBytes = 128,
        MinKeepAlive = TimeSpan.FromSeconds(30),
        MaxKeepAlive = TimeSpan.FromSeconds(1200),
        PublishesPerSecond = 100,
        BytesPerSecond = 512 * 1024,
        UnacknowledgedPublishes = 100,
        MinConnectInterval = TimeSpan.FromSeconds(1),
    };

    /// <summary>Only what MQTT itself allows.</summary>
    public static MqttLimits None { get; } = new();

    /// <summary>
    /// Longest topic or filter in UTF-8 bytes. The first three levels of <c>$aws/rules/name/topic</c> (Basic Ingest) do not count, here and
    /// in <see cref="TopicSlashes"/>, nor do <c>$share/group/</c>.
    /// </summary>
    public int TopicBytes { get; init; } = 65_535;

    /// <summary>Most slashes in a topic or filter.</summary>
    public int TopicSlashes { get; init; } = int.MaxValue;

    /// <summary>Largest payload.</summary>
    public int PayloadBytes { get; init; } = 256 * 1024 * 1024 - 1 - 128 * 1024;

    /// <summary>Most topic filters subscribed at a time.</summary>
    public int Subscriptions { get; init; } = int.MaxValue;

    /// <summary>Most filters in one SUBSCRIBE or UNSUBSCRIBE; more are sent in several packets.</summary>
    public int FiltersPerPacket { get; init; } = 64;

    /// <summary>Longest client id in UTF-8 bytes.</summary>
    public int ClientIdBytes { get; init; } = 65_535;

    /// <summary>Shortest keep-alive.</summary>
    public TimeSpan MinKeepAlive { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest keep-alive.</summary>
    public TimeSpan MaxKeepAlive { get; init; } = TimeSpan.FromSeconds(65_535);

    /// <summary>Most publications within any second; what is beyond waits. Zero: no limit.</summary>
    public int PublishesPerSecond { get; init; }

    /// <summary>Bytes of publications a second, averaged over a second; what is beyond waits. Zero: no limit.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Most QoS 1 publications sent and not acknowledged; what is beyond waits.</summary>
    public int UnacknowledgedPublishes { get; init; } = 10_000;

    /// <summary>Shortest time between two attempts to connect.</summary>
    public TimeSpan MinConnectInterval { get; init; }
}
