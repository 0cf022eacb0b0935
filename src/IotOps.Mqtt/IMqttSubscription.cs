using System.Threading.Channels;

namespace IotOps.Mqtt;

/// <summary>Messages of one or more topic filters. Disposal ends it, and unsubscribes what was subscribed; messages still in the channel are then released unread.</summary>
public interface IMqttSubscription : IAsyncDisposable
{
    /// <summary>The filters asked for.</summary>
    IReadOnlyList<string> TopicFilters { get; }

    /// <summary>
    /// The messages, in the broker's order. Each must be disposed: that returns its memory and, for QoS 1, acknowledges it. Completes when
    /// the subscription is disposed or the connection is closed for good (then with its error).
    /// </summary>
    ChannelReader<MqttReceivedMessage> Messages { get; }

    /// <summary>Messages dropped since the start because the channel was full (<see cref="MqttSubscribeOptions.Capacity"/>).</summary>
    long Dropped { get; }
}
