using System.Threading.Channels;
using IotOps.Mqtt;

namespace IotOps.Defender.Tests.Publishing;

/// <summary>A connection whose broker is a function: what is published goes to <see cref="Broker"/>, and its answers to the subscriptions.</summary>
internal sealed class FakeConnection : IMqttConnection
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly List<(string Topic, byte[] Payload)> _published = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttConnectionState _state = MqttConnectionState.Initial;
    private int _outstanding;
    private int _activity;

    /// <summary>Answers a publication.</summary>
    public Func<string, byte[], IEnumerable<(string Topic, byte[] Payload)>> Broker { get; set; } = static (_, _) => [];

    /// <summary>Throws on publication when it is set.</summary>
    public Exception? PublishError { get; set; }

    /// <summary>Throws on subscription when it is set.</summary>
    public Exception? SubscribeError { get; set; }

    /// <summary>Thrown when the state is asked for, as only a client with a defect would.</summary>
    public Exception? StateError { get; set; }

    public string ClientId => "device";

    public MqttConnectionState State
    {
        get { lock (_gate) { return StateError is null ? _state : throw StateError; } }
    }

    public IReadOnlyList<(string Topic, byte[] Payload)> Published
    {
        get { lock (_gate) { return [.. _published]; } }
    }

    public IReadOnlyList<string> Filters
    {
        get { lock (_gate) { return [.. _subscriptions.SelectMany(static s => s.TopicFilters)]; } }
    }

    /// <summary>Messages delivered and not yet dealt with.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Counts everything that happens.</summary>
    public int Activity => Volatile.Read(ref _activity);

    public void Connect()
    {
        lock (_gate) { Become(new MqttConnectionState(MqttConnectionStatus.Connected, _state.Connections + 1, SessionPresent: false, Error: null)); }
    }

    public void Disconnect()
    {
        lock (_gate) { Become(_state with { Status = MqttConnectionStatus.Disconnected }); }
    }

    public void Deliver(string topic, byte[] payload)
    {
        lock (_gate)
        {
            foreach (Subscription subscription in _subscriptions.Where(s => s.TopicFilters.Contains(topic, StringComparer.Ordinal)))
            {
                Interlocked.Increment(ref _outstanding);
                Interlocked.Increment(ref _activity);
                subscription.Channel.Writer.TryWrite(new MqttReceivedMessage(topic, payload, MqttQualityOfService.AtLeastOnce, new Handled(this)));
            }
        }
    }

    public async ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_state != seen)
                {
                    return _state;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qos = MqttQualityOfService.AtLeastOnce,
        MqttPublishOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _published.Add((topic, payload.ToArray()));
            _activity++;
        }

        if (PublishError is not null)
        {
            throw PublishError;
        }

        foreach ((string answer, byte[] content) in Broker(topic, payload.ToArray()))
        {
            Deliver(answer, content);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters, MqttSubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _activity);
        if (SubscribeError is not null)
        {
            throw SubscribeError;
        }

        var subscription = new Subscription(this, topicFilters);
        lock (_gate) { _subscriptions.Add(subscription); }

        return ValueTask.FromResult<IMqttSubscription>(subscription);
    }

    private void Become(MqttConnectionState state)
    {
        _state = state;
        _activity++;
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private sealed class Handled(FakeConnection owner) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref owner._outstanding);
    }

    private sealed class Subscription(FakeConnection owner, IReadOnlyList<string> filters) : IMqttSubscription
    {
        public Channel<MqttReceivedMessage> Channel { get; } = System.Threading.Channels.Channel.CreateUnbounded<MqttReceivedMessage>();

        public IReadOnlyList<string> TopicFilters => filters;

        public ChannelReader<MqttReceivedMessage> Messages => Channel.Reader;

        public long Dropped => 0;

        public ValueTask DisposeAsync()
        {
            lock (owner._gate)
            {
                owner._subscriptions.Remove(this);
                Channel.Writer.TryComplete();
            }

            while (Channel.Reader.TryRead(out MqttReceivedMessage? message))
            {
                message.Dispose();
            }

            return ValueTask.CompletedTask;
        }
    }
}
