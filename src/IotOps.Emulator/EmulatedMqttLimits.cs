namespace IotOps.Emulator;

/// <summary>
/// Quotas of the broker; see https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits. What breaks one is
/// answered with a reason code where the packet has an answer that holds one, and by ending the connection elsewhere.
/// </summary>
public sealed record EmulatedMqttLimits
{
    /// <summary>AWS IoT Core's quotas: the defaults of this type.</summary>
    public static EmulatedMqttLimits AwsIotCore { get; } = new();

    /// <summary>As much as MQTT itself allows, for benchmarks and clients of other brokers.</summary>
    public static EmulatedMqttLimits None { get; } = new()
    {
        MaxTopicBytes = ushort.MaxValue,
        MaxTopicSlashes = ushort.MaxValue,
        MaxPayloadBytes = 16 << 20,
        MaxFiltersPerSubscribe = int.MaxValue,
        MaxSubscriptions = int.MaxValue,
        MaxClientIdBytes = ushort.MaxValue,
        MaxTopicAliases = ushort.MaxValue,
        MaxInFlight = ushort.MaxValue,
        MinKeepAlive = TimeSpan.FromSeconds(1),
        MaxKeepAlive = null,
        MaxSessionExpiry = TimeSpan.FromSeconds(uint.MaxValue),
        ReservesTopics = false,
    };

    /// <summary>UTF-8 bytes of a topic or filter.</summary>
    public int MaxTopicBytes { get; init; } = 256;

    /// <summary>Slashes in a topic or filter; the first three levels of <c>$aws/rules/NAME</c> do not count.</summary>
    public int MaxTopicSlashes { get; init; } = 7;

    /// <summary>Bytes of a payload, a will's included.</summary>
    public int MaxPayloadBytes { get; init; } = 128 << 10;

    /// <summary>Topic filters in one SUBSCRIBE; one with more ends the connection.</summary>
    public int MaxFiltersPerSubscribe { get; init; } = 8;

    /// <summary>Subscriptions of one connection; those beyond it are refused in the SUBACK.</summary>
    public int MaxSubscriptions { get; init; } = 50;

    /// <summary>UTF-8 bytes of a client id.</summary>
    public int MaxClientIdBytes { get; init; } = 128;

    /// <summary>Topic aliases in each direction.</summary>
    public int MaxTopicAliases { get; init; } = 8;

    /// <summary>QoS 1 messages under way unacknowledged, in each direction.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>A shorter keep-alive is taken for this.</summary>
    public TimeSpan MinKeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A longer keep-alive, or none at all, is taken for this; null allows any.</summary>
    public TimeSpan? MaxKeepAlive { get; init; } = TimeSpan.FromSeconds(1_200);

    /// <summary>A longer session expiry is cut to this, and an MQTT 5 client is told.</summary>
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether topics below <c>$</c> are AWS's: only what its services offer there may be published or subscribed to.</summary>
    public bool ReservesTopics { get; init; } = true;

    internal int MaxPacketBytes => (int)Math.Min((long)MaxPayloadBytes + (18 << 10) + (MaxPayloadBytes > 1 << 20 ? 256 << 10 : 0), 256 << 20);
}
