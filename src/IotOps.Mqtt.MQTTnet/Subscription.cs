using System.Threading.Channels;

namespace IotOps.Mqtt;

/// <summary>What a caller subscribed to.</summary>
internal sealed class Subscription(Subscriber subscriber, string[] filters, MqttSubscribeOptions options) : IMqttSubscription
{
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> TopicFilters => filters;

    public MqttSubscribeOptions Options => options;

    public MessageQueue Queue { get; } = new(options.Capacity);

    public ChannelReader<MqttReceivedMessage> Messages => Queue;

    public long Dropped => Queue.Dropped;

    /// <summary>The broker has all its filters in the session that it holds. Guarded by the table.</summary>
    public bool IsKnown { get; set; }

    /// <summary>How many connections in a row ended while it was being subscribed.</summary>
    public int Interruptions { get; set; }

    /// <summary>Ends when the broker has granted all filters, with its refusal when it did not.</summary>
    public Task Granted => _granted.Task;

    public bool Matches(string topic) => Array.Exists(filters, filter => MqttTopic.Matches(filter, topic));

    public void Grant() => _granted.TrySetResult();

    public void End(MqttException? error)
    {
        if (_granted.TrySetException(error ?? ClientErrors.Closed()))
        {
            // The caller may have given up waiting.
            _ = _granted.Task.Exception;
        }

        Queue.Complete(error);
    }

    public ValueTask DisposeAsync() => subscriber.RemoveAsync(this);
}
