namespace IotOps.Detect.Alarms;

/// <summary>At most so many messages in any stretch of a length.</summary>
internal sealed class SendPace(int limit, TimeSpan period)
{
    private readonly Queue<TimeSpan> _sent = new();

    /// <summary>How long the next message has to wait; zero for not at all.</summary>
    public TimeSpan Wait(TimeSpan now)
    {
        while (_sent.TryPeek(out TimeSpan first) && first + period <= now)
        {
            _sent.Dequeue();
        }

        return _sent.Count < limit ? TimeSpan.Zero : _sent.Peek() + period - now;
    }

    public void Sent(TimeSpan now) => _sent.Enqueue(now);
}
