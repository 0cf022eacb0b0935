using System.Threading.Channels;

namespace IotOps.Mqtt.Receiving;

/// <summary>
/// The messages of one subscription that wait to be read. Full of QoS 0, the oldest of them gives way. QoS 1 is bounded by the receive
/// maximum of the connection; what waits of connections that are no more, and more than that, gives way too, oldest first.
/// </summary>
internal sealed class MessageQueue(int capacity, int receiveMaximum, Action dropped) : ChannelReader<MqttReceivedMessage>
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _qos0 = new();
    private readonly Queue<Waiting> _qos1 = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _wake;
    private long _sequence;
    private long _dropped;
    private bool _completed;
    private Exception? _error;

    public override bool CanCount => true;

    public override int Count
    {
        get { lock (_lock) { return _qos0.Count + _qos1.Count; } }
    }

    public override Task Completion => _completion.Task;

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes a message in; after completion it is released.</summary>
    public void Write(MqttReceivedMessage message, long connection)
    {
        MqttReceivedMessage? released = null;
        TaskCompletionSource? wake = null;
        lock (_lock)
        {
            if (_completed)
            {
                released = message;
            }
            else
            {
                released = MakeRoom(message);
                if (released != message)
                {
                    Queue<Waiting> queue = message.QualityOfService == MqttQualityOfService.AtMostOnce ? _qos0 : _qos1;
                    queue.Enqueue(new Waiting(_sequence++, connection, message));
                    (wake, _wake) = (_wake, null);
                }

                if (released is not null)
                {
                    Interlocked.Increment(ref _dropped);
                    dropped();
                }
            }
        }

        wake?.TrySetResult();
        released?.Dispose();
    }

    public override bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out MqttReceivedMessage item)
    {
        lock (_lock)
        {
            bool any0 = _qos0.TryPeek(out Waiting first0);
            bool any1 = _qos1.TryPeek(out Waiting first1);
            if (!any0 && !any1)
            {
                item = null;
                return false;
            }

            item = !any1 || (any0 && first0.Sequence < first1.Sequence) ? _qos0.Dequeue().Message : _qos1.Dequeue().Message;
            return true;
        }
    }

    public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task wake;
            lock (_lock)
            {
                if (_qos0.Count + _qos1.Count > 0)
                {
                    return true;
                }

                if (_completed)
                {
                    return _error is null ? false : throw _error;
                }

                _wake ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wake = _wake.Task;
            }

            await wake.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The broker kept the session and sends again what was not acknowledged: the copies of before are released unread.</summary>
    public void ReleaseEarlier(long connection)
    {
        List<MqttReceivedMessage> released = [];
        lock (_lock)
        {
            while (_qos1.TryPeek(out Waiting first) && first.Connection < connection)
            {
                released.Add(_qos1.Dequeue().Message);
            }
        }

        released.ForEach(message => message.Dispose());
    }

    /// <summary>No message follows; what waits is released unread.</summary>
    public void Complete(Exception? error)
    {
        List<MqttReceivedMessage> released = [];
        TaskCompletionSource? wake;
        lock (_lock)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _error = error;
            while (_qos0.TryDequeue(out Waiting waiting) || _qos1.TryDequeue(out waiting))
            {
                released.Add(waiting.Message);
            }

            EndReading();
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
        released.ForEach(message => message.Dispose());
    }

    private void EndReading()
    {
        if (_error is null)
        {
            _completion.TrySetResult();
        }
        else
        {
            _completion.TrySetException(_error);

            // Nobody has to look at Completion.
            _ = _completion.Task.Exception;
        }
    }

    // What has to go so that this one can wait; the message itself when nothing else may go.
    private MqttReceivedMessage? MakeRoom(MqttReceivedMessage message)
    {
        if (message.QualityOfService == MqttQualityOfService.AtMostOnce)
        {
            return _qos0.Count + _qos1.Count < capacity ? null : _qos0.TryDequeue(out Waiting oldest) ? oldest.Message : message;
        }

        return _qos1.Count < Math.Max(capacity, receiveMaximum) ? null : _qos1.Dequeue().Message;
    }

    private readonly record struct Waiting(long Sequence, long Connection, MqttReceivedMessage Message);
}
