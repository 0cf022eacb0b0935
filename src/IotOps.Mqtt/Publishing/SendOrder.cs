using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// What is sent next: what this connection has to see again, then what waits, and whatever is suspected with nothing beside it, each after
/// what waited by the time the one before it was answered. The caller locks.
/// </summary>
internal sealed class SendOrder : IDisposable
{
    // Longer than any broker takes to answer or to close, shorter than others should wait for one that does neither.
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(15);
    private static readonly byte[] Ping = [(int)PacketType.PingReq << 4, 0];

    private readonly PublishQueue _queue;
    private readonly SendWindow _window;
    private readonly Suspects _suspects;
    private readonly ITimer _hold;
    private bool _open;

    /// <param name="queue">What waits.</param>
    /// <param name="window">What is on its way.</param>
    /// <param name="suspects">What goes alone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="release">Called without the lock when a subscription was waited for long enough.</param>
    public SendOrder(PublishQueue queue, SendWindow window, Suspects suspects, TimeProvider time, Action release)
    {
        _queue = queue;
        _window = window;
        _suspects = suspects;
        _hold = time.CreateTimer(static state => ((Action)state!)(), release, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Subscriptions are back: what waits may be sent.</summary>
    public bool IsOpen => _open;

    /// <summary>Whether a new publication may go ahead of everything, because nothing waits.</summary>
    public bool MayPass(PublishOperation operation) => _open && _queue.Count == 0 && !_suspects.Any && _window.MaySend(operation);

    public void Open()
    {
        _open = _window.Sender is not null;
        _queue.GoUp();
        _suspects.BeginRound();
        Drain();
    }

    /// <summary>The connection ended; returns a SUBSCRIBE that was not sent.</summary>
    public ControlReply? LinkDown()
    {
        _open = false;
        StopHold();
        return _suspects.LinkDown();
    }

    public void Answered(PendingReply reply)
    {
        if (_suspects.OnTrial == reply)
        {
            StopHold();
            _suspects.End(reply);
        }

        Drain();
    }

    /// <summary>What is on trial stays unanswered; others are sent beside it, as soon as it has left.</summary>
    public void EndHold()
    {
        if (_suspects.OnTrial is not { } reply || _window.Sender is not { } sender)
        {
            return;
        }

        sender.Progress.Look();
        if (reply.Write > sender.Progress.LeftWrite)
        {
            StartHold();
            return;
        }

        _suspects.End(reply);
        Drain();
    }

    /// <summary>Encodes all that may be sent now.</summary>
    public void Drain()
    {
        _window.Resend();
        while (_open && !_window.HasBacklog && _suspects.LetQueuePass && _queue.First is { } operation)
        {
            if (_window.Refusal(operation) is { } refusal)
            {
                _queue.Remove(operation);
                operation.Fail(refusal);
            }
            else if (_window.MaySend(operation))
            {
                _queue.Remove(operation);
                _window.Send(operation);
            }
            else
            {
                break;
            }

            _suspects.Passed();
        }

        if (_open && !_window.HasBacklog && _suspects.HaveTheirTurn && _window.IsIdle)
        {
            TrySuspect();
        }
    }

    public void AppendPing()
    {
        _window.Confirmations.SentPing();
        _window.Sender!.Append(Ping);
    }

    public void Dispose() => _hold.Dispose();

    private void StartHold() => _hold.Change(LongestHold, Timeout.InfiniteTimeSpan);

    private void StopHold() => _hold.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void TrySuspect()
    {
        if (_window.Confirmations.Qos0Topic is not null)
        {
            // Nothing answers QoS 0. What it did shows when the broker has read it.
            if (!_window.Confirmations.IsAsked && _window.Sender!.HasRoom)
            {
                AppendPing();
            }

            return;
        }

        if (_suspects.Control is { } control)
        {
            _suspects.Begin(control);
            _window.Send(control);
            StartHold();
            return;
        }

        PublishOperation operation = _suspects.Publications.First!;
        if (_window.Refusal(operation) is { } refusal)
        {
            _window.Forget(operation);
            operation.Fail(refusal);
            Drain();
        }
        else if (_window.MaySend(operation))
        {
            _suspects.Publications.Remove(operation);
            _suspects.Begin(operation);
            _window.Send(operation);
            StartHold();
        }
    }
}
