namespace IotOps.Fleet.Trail;

/// <summary>A hash table of event ids that only grows: open addressing, because an object or an entry of a dictionary an event would be twice as large.</summary>
internal sealed class EventIdTable
{
    private UInt128[] _keys = new UInt128[256];
    private int[] _sources = new int[256];

    public int Count { get; private set; }

    /// <summary>Adds a key; false when it is there.</summary>
    public bool Add(UInt128 key, int source)
    {
        if (4 * Count >= 3 * _keys.Length)
        {
            Grow();
        }

        int at = Slot(key);
        if (_sources[at] > 0)
        {
            return false;
        }

        _keys[at] = key;
        _sources[at] = source + 1;
        Count++;
        return true;
    }

    /// <summary>The key's source; -1 when it is not there.</summary>
    public int Find(UInt128 key) => _sources[Slot(key)] - 1;

    // The key's place, or the free one where it belongs.
    private int Slot(UInt128 key)
    {
        int mask = _keys.Length - 1;
        int at = (int)((((ulong)key ^ (ulong)(key >> 64)) * 0x9E3779B97F4A7C15) >> 32) & mask;
        while (_sources[at] > 0 && _keys[at] != key)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    private void Grow()
    {
        (UInt128[] keys, int[] sources) = (_keys, _sources);
        _keys = new UInt128[2 * keys.Length];
        _sources = new int[2 * keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            if (sources[i] > 0)
            {
                int at = Slot(keys[i]);
                _keys[at] = keys[i];
                _sources[at] = sources[i];
            }
        }
    }
}
