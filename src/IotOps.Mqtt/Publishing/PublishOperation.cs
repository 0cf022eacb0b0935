using System.Threading.Tasks.Sources;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// One publication from the call until it is accounted for; pooled, and the awaited object itself. Whoever takes it out of the list it is
/// in completes it, so it is completed once.
/// </summary>
internal sealed class PublishOperation(Outbox owner) : PendingReply, IValueTaskSource
{
    // What an object that waits costs beside its payload.
    private const int Overhead = 128;

    // A continuation never runs on the thread that reads the broker's packets.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;

    public PublishOperation? Next { get; set; }

    public PublishOperation? Previous { get; set; }

    /// <summary>Where it waits; null when it is being completed.</summary>
    public OperationList? List { get; set; }

    public string Topic { get; private set; } = "";

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public MqttQualityOfService QualityOfService { get; private set; }

    public MqttPublishOptions? Options { get; private set; }

    /// <summary>Bytes of the packet after the fixed header.</summary>
    public int BodyLength { get; private set; }

    /// <summary>The broker may have it already: what is sent again says so.</summary>
    public bool Sent { get; set; }

    /// <summary>The connection it was sent on last.</summary>
    public long Connection { get; set; }

    /// <summary>Connections that ended with it unanswered, and may have ended because of it.</summary>
    public int Interruptions { get; set; }

    /// <summary>The broker gave a reason that fits it or another one that was in flight.</summary>
    public bool IsNamed { get; set; }

    /// <summary>It is sent with nothing beside it.</summary>
    public bool IsSuspect => IsNamed || Interruptions >= Suspicion.Threshold;

    /// <summary>Nobody waits for it; it stands for an id that the broker of this connection may still answer.</summary>
    public bool IsOrphan { get; private set; }

    public int QueueBytes => BodyLength + Overhead;

    public int PacketLength => Codec.PublishCodec.Length(BodyLength);

    public bool IsQoS1 => QualityOfService == MqttQualityOfService.AtLeastOnce;

    public ValueTask Task => new(this, _core.Version);

    public void Set(string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos, MqttPublishOptions? options, int bodyLength)
    {
        Topic = topic;
        Payload = payload;
        QualityOfService = qos;
        Options = options;
        BodyLength = bodyLength;
    }

    public void CancelWith(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((PublishOperation)state!).Cancel(token), this);

    /// <summary>Stands for one that nobody waits for any more, until the broker answers or the connection ends. It is not sent again.</summary>
    public void StandFor(PublishOperation abandoned)
    {
        IsOrphan = true;
        QualityOfService = abandoned.QualityOfService;
        Topic = abandoned.Topic;
        SentAt = abandoned.SentAt;
        Write = abandoned.Write;
        Order = abandoned.Order;
        Connection = abandoned.Connection;
    }

    public void Complete() => _core.SetResult(true);

    public void Fail(Exception error) => _core.SetException(error);

    public void GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The publication is not complete; await it.");
        }

        // Waits for a cancellation under way, so that it cannot meet the next user of this object.
        _cancellation.Dispose();
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            owner.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Lets go of what it carried.</summary>
    public void Clear()
    {
        _cancellation = default;
        Topic = "";
        Payload = default;
        Options = null;
        PacketId = 0;
        Sent = false;
        Connection = 0;
        Interruptions = 0;
        IsNamed = false;
    }

    private void Cancel(CancellationToken token) => owner.Cancel(this, token);
}
