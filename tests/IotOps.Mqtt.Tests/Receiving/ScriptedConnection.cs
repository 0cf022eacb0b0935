using System.Threading.Channels;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>A connection of a team's own, whose subscriptions do what a test says.</summary>
internal sealed class ScriptedConnection : IMqttConnection
{
    private readonly Channel<MqttConnectionState> _states = Channel.CreateUnbounded<MqttConnectionState>();

    /// <summary>What each subscription meets, in order: null grants it.</summary>
    public Queue<Exception?> Script { get; } = new();

    /// <summary>The channels of the subscriptions that were granted.</summary>
    public List<Channel<MqttReceivedMessage>> Channels { get; } = [];

    /// <summary>Subscriptions that were disposed.</summary>
    public int Disposed { get; private set; }

    public string ClientId => "THING00001";

    public MqttConnectionState State { get; private set; } = MqttConnectionState.Initial;

    public void Become(MqttConnectionStatus status)
    {
        State = State with { Status = status };
        _states.Writer.TryWrite(State);
    }

    public ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken = default) =>
        _states.Reader.ReadAsync(cancellationToken);

    public ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qos = MqttQualityOfService.AtLeastOnce,
        MqttPublishOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters, MqttSubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (topicFilters.Count == 0)
        {
            throw new ArgumentException("No filter.", nameof(topicFilters));
        }

        ObjectDisposedException.ThrowIf(State.Status == MqttConnectionStatus.Closed, this);
        if (Script.TryDequeue(out Exception? error) && error is not null)
        {
            throw error;
        }

        var channel = Channel.CreateUnbounded<MqttReceivedMessage>();
        Channels.Add(channel);
        return ValueTask.FromResult<IMqttSubscription>(new Granted(this, topicFilters, channel.Reader));
    }

    private sealed class Granted(ScriptedConnection owner, IReadOnlyList<string> filters, ChannelReader<MqttReceivedMessage> messages) : IMqttSubscription
    {
        public IReadOnlyList<string> TopicFilters => filters;

        public ChannelReader<MqttReceivedMessage> Messages => messages;

        public long Dropped => 0;

        public ValueTask DisposeAsync()
        {
            owner.Disposed++;
            return ValueTask.CompletedTask;
        }
    }
}
