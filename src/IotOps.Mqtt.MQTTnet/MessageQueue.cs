using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace IotOps.Mqtt;

/// <summary>
/// The messages of one subscription that wait to be read. Full of QoS 0, the oldest of them gives way. QoS 1 is bounded by the receive maximum;
/// what waits of earlier connections comes on top of it, so that beyond it the oldest gives way, too.
/// </summary>
internal sealed class MessageQueue(int capacity) : ChannelReader<MqttReceivedMessage>
{
    private readonly Lock _lock = new();
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private int _qos1;
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public override bool CanCount => true;

    public override int Count => _waiting.Reader.Count;

    public override Task Completion => _waiting.Reader.Completion;

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _waiting.Reader.WaitToReadAsync(cancellationToken);

    public override bool TryRead([MaybeNullWhen(false)] out MqttReceivedMessage item)
    {
        lock (_lock)
        {
            bool any = _waiting.Reader.TryRead(out Waiting first);
            _qos1 -= any && first.IsQoS1 ? 1 : 0;
            item = first.Message;
            return any;
        }
    }

    /// <summary>Takes a message in; after completion it is released.</summary>
    /// <param name="message">Of any QoS.</param>
    /// <param name="connection">Stands for the connection that it came by.</param>
    /// <param name="receiveMaximum">Most QoS 1 messages that the broker has unacknowledged.</param>
    public void Write(MqttReceivedMessage message, AcknowledgementQueue connection, int receiveMaximum)
    {
        var waiting = new Waiting(message, connection);
        List<Waiting> released = [];
        lock (_lock)
        {
            bool isFull = waiting.IsQoS1 ? _qos1 >= Math.Max(capacity, receiveMaximum) : Count >= capacity;
            if (isFull)
            {
                Interlocked.Increment(ref _dropped);
                released = TakeOut(other => other.IsQoS1 == waiting.IsQoS1, most: 1);
            }

            if ((isFull && released.Count == 0) || !_waiting.Writer.TryWrite(waiting))
            {
                released.Add(waiting);
            }
            else
            {
                _qos1 += waiting.IsQoS1 ? 1 : 0;
            }
        }

        Release(released);
    }

    /// <summary>The broker kept the session and sends again what was not acknowledged: the copies of before are released unread.</summary>
    public void ReleaseEarlier(AcknowledgementQueue connection)
    {
        List<Waiting> released;
        lock (_lock) { released = TakeOut(waiting => waiting.IsQoS1 && waiting.Connection != connection, most: int.MaxValue); }
        Release(released);
    }

    /// <summary>No message follows; what waits is released unread.</summary>
    public void Complete(Exception? error)
    {
        List<Waiting> released;
        lock (_lock)
        {
            released = TakeOut(_ => true, most: int.MaxValue);
            _waiting.Writer.TryComplete(error);
        }

        Release(released);
    }

    private static void Release(List<Waiting> released) => released.ForEach(waiting => waiting.Message.Dispose());

    // The others go round once, and keep their order. Readers see nothing of it: they need the lock.
    private List<Waiting> TakeOut(Predicate<Waiting> which, int most)
    {
        List<Waiting> taken = [];
        for (int left = Count; left > 0 && _waiting.Reader.TryRead(out Waiting waiting); left--)
        {
            if (taken.Count < most && which(waiting))
            {
                taken.Add(waiting);
                _qos1 -= waiting.IsQoS1 ? 1 : 0;
            }
            else
            {
                _waiting.Writer.TryWrite(waiting);
            }
        }

        return taken;
    }

    private readonly record struct Waiting(MqttReceivedMessage Message, AcknowledgementQueue Connection)
    {
        public bool IsQoS1 => Message.QualityOfService != MqttQualityOfService.AtMostOnce;
    }
}
