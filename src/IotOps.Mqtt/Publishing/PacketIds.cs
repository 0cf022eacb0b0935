namespace IotOps.Mqtt.Publishing;

/// <summary>
/// What waits for an answer, by packet id. An id is a slot of a ring, and an id whose slot is taken is passed over, so that no id is given
/// out twice, however long one stays unanswered. The caller locks.
/// </summary>
internal sealed class PacketIds
{
    private readonly PendingReply?[] _slots;
    private readonly int _mask;
    private ushort _last;

    /// <param name="capacity">How many may wait; the ring has at least four times the room, so that passing over is short.</param>
    public PacketIds(int capacity)
    {
        int size = (int)Math.Min(65_536u, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 4));
        _slots = new PendingReply?[size];
        _mask = size - 1;
    }

    public void Add(PendingReply reply)
    {
        do
        {
            _last++;
        }
        while (_last == 0 || _slots[_last & _mask] is not null);

        reply.PacketId = _last;
        _slots[_last & _mask] = reply;
    }

    /// <summary>What waits under this id; null when nothing does.</summary>
    public PendingReply? Find(ushort id) => _slots[id & _mask] is { } reply && reply.PacketId == id ? reply : null;

    public void Remove(PendingReply reply) => _slots[reply.PacketId & _mask] = null;

    /// <summary>Another object takes the place and the id of one that waits.</summary>
    public void Replace(PendingReply old, PendingReply replacement)
    {
        replacement.PacketId = old.PacketId;
        _slots[old.PacketId & _mask] = replacement;
    }

    /// <summary>Takes out what a lost connection cannot answer any more.</summary>
    public List<ControlReply> RemoveControlReplies()
    {
        List<ControlReply> removed = [];
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] is ControlReply reply)
            {
                removed.Add(reply);
                _slots[i] = null;
            }
        }

        return removed;
    }

    /// <summary>The time for an answer begins when the bytes have left: of what is still behind others it begins now.</summary>
    public void Postpone(long leftWrite, long now)
    {
        foreach (PendingReply? reply in _slots)
        {
            if (reply is { SentAt: not PendingReply.NotSent } && reply.Write > leftWrite)
            {
                reply.SentAt = now;
            }
        }
    }

    /// <summary>When the one that waits longest was sent.</summary>
    public long? OldestSentAt()
    {
        long? oldest = null;
        foreach (PendingReply? reply in _slots)
        {
            if (reply is { SentAt: not PendingReply.NotSent } && !(oldest <= reply.SentAt))
            {
                oldest = reply.SentAt;
            }
        }

        return oldest;
    }
}
