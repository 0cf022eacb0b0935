using System.Text;
using System.Threading.Channels;
using IotOps.Mqtt;

namespace IotOps.Shadow.Tests;

/// <summary>A connection whose broker is a function: what is published goes to <see cref="Broker"/>, what it answers passes <see cref="Network"/>.</summary>
internal sealed class FakeConnection : IMqttConnection
{
    private readonly Lock _gate = new();

    // What the broker makes of one request is said before it hears the next.
    private readonly Lock _order = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly List<FakeMessage> _published = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttConnectionState _state = MqttConnectionState.Initial;
    private int _outstanding;
    private int _activity;

    /// <summary>Answers a request.</summary>
    public Func<FakeMessage, IEnumerable<FakeMessage>> Broker { get; set; } = static _ => [];

    /// <summary>What becomes of a message on its way to the device: none is loss, two is a duplicate.</summary>
    public Func<FakeMessage, IEnumerable<FakeMessage>> Network { get; set; } = static message => [message];

    /// <summary>Throws on publication when it is set.</summary>
    public Exception? PublishError { get; set; }

    /// <summary>Throws on subscription when it is set.</summary>
    public MqttException? SubscribeError { get; set; }

    /// <summary>Thrown on subscription when it is set, as only a client with a defect would.</summary>
    public Exception? SubscribeFailure { get; set; }

    /// <summary>Thrown when the state is asked for, as only a client with a defect would.</summary>
    public Exception? StateError { get; set; }

    public string ClientId => "device";

    public MqttConnectionState State
    {
        get { lock (_gate) { return StateError is null ? _state : throw StateError; } }
    }

    /// <summary>What went over the line so far, both ways.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Requests so far.</summary>
    public IReadOnlyList<FakeMessage> Published
    {
        get { lock (_gate) { return [.. _published]; } }
    }

    public IReadOnlyList<FakeMessage> Updates => [.. Published.Where(static m => m.Topic.EndsWith("/update", StringComparison.Ordinal))];

    public IReadOnlyList<FakeMessage> Gets => [.. Published.Where(static m => m.Topic.EndsWith("/get", StringComparison.Ordinal))];

    public IReadOnlyList<IReadOnlyList<string>> Filters
    {
        get { lock (_gate) { return [.. _subscriptions.Select(static s => s.TopicFilters)]; } }
    }

    /// <summary>Messages delivered and not yet dealt with.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Counts everything that happens.</summary>
    public int Activity => Volatile.Read(ref _activity);

    public void Connect(bool sessionPresent = false)
    {
        lock (_gate) { Become(new MqttConnectionState(MqttConnectionStatus.Connected, _state.Connections + 1, sessionPresent, null)); }
    }

    public void Disconnect()
    {
        lock (_gate) { Become(_state with { Status = MqttConnectionStatus.Disconnected }); }
    }

    /// <summary>Brings a message to whoever is subscribed, past <see cref="Network"/>.</summary>
    public void Deliver(FakeMessage message)
    {
        lock (_gate)
        {
            Log.Add("< " + message.Operation + " " + message.Payload);
            foreach (Subscription subscription in _subscriptions.Where(s => s.TopicFilters.Any(filter => Matches(filter, message.Topic))))
            {
                Interlocked.Increment(ref _outstanding);
                Interlocked.Increment(ref _activity);
                subscription.Channel.Writer.TryWrite(new MqttReceivedMessage(
                    message.Topic, Encoding.UTF8.GetBytes(message.Payload), MqttQualityOfService.AtLeastOnce, new Handled(this)));
            }
        }
    }

    /// <inheritdoc cref="Say(Func{IEnumerable{FakeMessage}})"/>
    public void Say(IEnumerable<FakeMessage> messages) => Say(() => messages);

    /// <summary>Sends what the service says, in the order in which it came to say it.</summary>
    public void Say(Func<IEnumerable<FakeMessage>> service)
    {
        lock (_order)
        {
            FakeMessage[] messages = [.. service()];
            if (_state.Status == MqttConnectionStatus.Connected)
            {
                foreach (FakeMessage message in messages.SelectMany(m => Network(m)).ToArray())
                {
                    Deliver(message);
                }
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
        var message = new FakeMessage(topic, Encoding.UTF8.GetString(payload.Span));
        lock (_gate)
        {
            _published.Add(message);
            Log.Add("> " + message.Operation + " " + message.Payload);
            _activity++;
        }

        if (PublishError is not null)
        {
            throw PublishError;
        }

        if (_state.Status != MqttConnectionStatus.Connected)
        {
            throw new MqttException("The connection is down.") { IsTransient = true };
        }

        Say(() => Broker(message));
        return ValueTask.CompletedTask;
    }

    public ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters, MqttSubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        if ((SubscribeError ?? SubscribeFailure) is { } error)
        {
            throw error;
        }

        var subscription = new Subscription(this, topicFilters);
        lock (_gate) { _subscriptions.Add(subscription); }

        return ValueTask.FromResult<IMqttSubscription>(subscription);
    }

    public static bool Matches(string filter, string topic)
    {
        string[] filters = filter.Split('/');
        string[] names = topic.Split('/');
        return filters.Length == names.Length && filters.Zip(names).All(static pair => pair.First == "+" || pair.First == pair.Second);
    }

    private void Become(MqttConnectionState state)
    {
        _state = state;
        Log.Add(state.Status.ToString());
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
