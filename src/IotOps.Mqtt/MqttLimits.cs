using System.Text;
using IotOps.Mqtt.Codec;

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

    /// <summary>Checks that a message may be published: its topic's form and length, and the payload's length. Rates are not checked.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payloadBytes">Length of the message.</param>
    /// <exception cref="ArgumentException">MQTT does not allow the topic: it is empty, has a wildcard, or cannot be encoded.</exception>
    /// <exception cref="MqttException">A limit does not allow it; the message names the limit and the value.</exception>
    public void CheckPublication(string topic, int payloadBytes) => TopicBytesOf(topic, payloadBytes);

    /// <summary>Checks that a topic filter may be subscribed: its form and length.</summary>
    /// <param name="topicFilter">The filter.</param>
    /// <exception cref="ArgumentException">MQTT does not allow the filter.</exception>
    /// <exception cref="MqttException">A limit does not allow it; the message names the limit and the value.</exception>
    public void CheckFilter(string topicFilter)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        if (!MqttTopic.IsFilter(topicFilter))
        {
            throw new ArgumentException($"'{topicFilter}' is no topic filter: '#' must be the last level, '+' and '#' stand alone in theirs, and it cannot be empty.", nameof(topicFilter));
        }

        CheckTopic(topicFilter, MqttText.Bytes(topicFilter, nameof(topicFilter)));
    }

    /// <summary><see cref="CheckPublication"/>, and the topic's length in UTF-8 bytes.</summary>
    internal int TopicBytesOf(string topic, int payloadBytes)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!MqttTopic.IsName(topic))
        {
            throw new ArgumentException($"'{topic}' is no topic to publish to: it is empty or has a wildcard (+ #) or U+0000.", nameof(topic));
        }

        int topicBytes = MqttText.Bytes(topic, nameof(topic));
        CheckTopic(topic, topicBytes);
        return payloadBytes <= PayloadBytes
            ? topicBytes
            : throw new MqttException($"The payload for '{topic}' has {payloadBytes} bytes; the limit is {PayloadBytes} (MqttLimits.PayloadBytes). Split it, or upload it elsewhere and publish where it is.")
            {
                Reason = MqttReasonCode.PacketTooLarge,
            };
    }

    private void CheckTopic(string topic, int topicBytes)
    {
        // A share's name and Basic Ingest's levels do not count; what is within the limits with them need not be looked at closer.
        if (topicBytes <= TopicBytes && (TopicSlashes == int.MaxValue || topic.AsSpan().Count('/') <= TopicSlashes))
        {
            return;
        }

        ReadOnlySpan<char> counted = MqttTopic.Counted(topic);
        int bytes = Encoding.UTF8.GetByteCount(counted);
        int slashes = counted.Count('/');
        string? what = bytes > TopicBytes ? $"{bytes} bytes; the limit is {TopicBytes} (MqttLimits.TopicBytes)"
            : slashes > TopicSlashes ? $"{slashes} slashes; the limit is {TopicSlashes} (MqttLimits.TopicSlashes)"
            : null;
        if (what is not null)
        {
            throw new MqttException($"The topic '{topic}' has {what}.") { Reason = MqttReasonCode.TopicNameInvalid };
        }
    }
}
