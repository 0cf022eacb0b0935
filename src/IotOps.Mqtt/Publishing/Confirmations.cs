namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Which packets of a connection the broker has read, as far as its answers tell: brokers read in order, so an answer speaks for everything
/// sent before it, QoS 0 included, which has no answer of its own. The caller locks.
/// </summary>
internal sealed class Confirmations
{
    private readonly Queue<long> _pings = new();
    private long _sent;
    private long _confirmed;
    private long _qos0;

    /// <summary>The topic of a QoS 0 publication that the broker may not have read; null when there is none.</summary>
    public string? Qos0Topic { get; private set; }

    /// <summary>An answer to a ping that is under way will speak for all QoS 0 publications.</summary>
    public bool IsAsked => _pings.Count > 0 && _pings.Last() >= _qos0;

    /// <summary>A packet goes out; returns its place.</summary>
    public long Sent() => ++_sent;

    public void SentQos0(string topic) => (_qos0, Qos0Topic) = (++_sent, topic);

    public void SentPing() => _pings.Enqueue(++_sent);

    public void Answered(long order)
    {
        _confirmed = Math.Max(_confirmed, order);
        Qos0Topic = _confirmed >= _qos0 ? null : Qos0Topic;
    }

    public void PingAnswered()
    {
        if (_pings.TryDequeue(out long order))
        {
            Answered(order);
        }
    }

    /// <summary>A connection begins or ends.</summary>
    public void Clear()
    {
        _pings.Clear();
        (_sent, _confirmed, _qos0, Qos0Topic) = (0, 0, 0, null);
    }
}
