namespace IotOps.Shadow.Sync;

/// <summary>Updates that came before those they build on. Bounded: beyond, none is kept and the shadow is read instead.</summary>
internal sealed class EarlyUpdates
{
    private const int Capacity = 32;

    private readonly List<ShadowMessage> _messages = [];
    private int _beforeRead;

    public int Count => _messages.Count;

    /// <summary>Keeps one; false when there was no room, and none is kept now.</summary>
    public bool TryAdd(ShadowMessage message)
    {
        if (_messages.Count == Capacity)
        {
            Clear();
            return false;
        }

        _messages.Add(message);
        return true;
    }

    /// <summary>Takes the update that follows a version, and forgets those at or below it; null when it is not here.</summary>
    public ShadowMessage? TryTake(long version)
    {
        for (int i = _messages.Count - 1; i >= 0; i--)
        {
            if (_messages[i].Version <= version)
            {
                RemoveAt(i);
            }
        }

        int at = _messages.FindIndex(message => message.Version == version + 1);
        if (at < 0)
        {
            return null;
        }

        ShadowMessage next = _messages[at];
        RemoveAt(at);
        return next;
    }

    /// <summary>The shadow is asked for: the answer will say more than what is here by now.</summary>
    public void ReadBegins() => _beforeRead = _messages.Count;

    /// <summary>The shadow was read: what came before it was asked for is in it, or was undone by a deletion.</summary>
    public void ReadEnds()
    {
        _messages.RemoveRange(0, _beforeRead);
        _beforeRead = 0;
    }

    public void Clear()
    {
        _messages.Clear();
        _beforeRead = 0;
    }

    private void RemoveAt(int at)
    {
        _messages.RemoveAt(at);
        _beforeRead -= at < _beforeRead ? 1 : 0;
    }
}
