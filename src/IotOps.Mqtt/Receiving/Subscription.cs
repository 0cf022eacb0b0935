using System.Threading.Channels;

namespace IotOps.Mqtt.Receiving;

/// <summary>What a caller subscribed to.</summary>
internal sealed class Subscription : IMqttSubscription
{
    private readonly SubscriptionTable _table;
    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    public Subscription(SubscriptionTable table, IReadOnlyList<string> filters, MqttSubscribeOptions options, MessageQueue queue)
    {
        _table = table;
        TopicFilters = filters;
        Options = options;
        Queue = queue;
    }

    public IReadOnlyList<string> TopicFilters { get; }

    public MqttSubscribeOptions Options { get; }

    public MessageQueue Queue { get; }

    public ChannelReader<MqttReceivedMessage> Messages => Queue;

    public long Dropped => Queue.Dropped;

    /// <summary>Ends when the broker has granted all filters, with its refusal when it did not.</summary>
    public Task Granted => _granted.Task;

    /// <summary>Number of the message given to it last, so that two filters that match give it once. The receive loop's alone.</summary>
    public long LastMessage { get; set; }

    public void Grant() => _granted.TrySetResult();

    public void End(MqttException? error)
    {
        if (_granted.TrySetException(error ?? SubscriptionTable.Closed()))
        {
            // The caller may have given up waiting.
            _ = _granted.Task.Exception;
        }

        Queue.Complete(error);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _table.RemoveAsync(this).ConfigureAwait(false);
        }
    }
}
