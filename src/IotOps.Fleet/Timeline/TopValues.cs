namespace IotOps.Fleet.Timeline;

/// <summary>
/// The most frequent of many values, eight counters for them: a new value takes over the smallest counter (space saving, Metwally 2005). Once all
/// are taken a value is kept by its hash until it comes again: of a million clients with one error each none is worth its name.
/// </summary>
internal struct TopValues
{
    private const int Most = 8;

    private Counter[]? _counters;
    private int _used;

    public void Add(string? value)
    {
        if (value is null)
        {
            return;
        }

        _counters ??= new Counter[2];
        int hash = string.GetHashCode(value, StringComparison.Ordinal);
        int smallest = 0;
        for (int i = 0; i < _used; i++)
        {
            if (_counters[i].Hash == hash)
            {
                _counters[i].Count++;
                _counters[i].Value ??= value;
                return;
            }

            smallest = _counters[i].Count < _counters[smallest].Count ? i : smallest;
        }

        if (_used == Most)
        {
            int count = _counters[smallest].Count;
            _counters[smallest] = new Counter { Hash = hash, Count = count + 1, Inherited = count };
            return;
        }

        if (_used == _counters.Length)
        {
            Array.Resize(ref _counters, 2 * _used);
        }

        _counters[_used++] = new Counter { Hash = hash, Value = value, Count = 1 };
    }

    /// <summary>Adds the counters to those of other buckets.</summary>
    public readonly void AddTo(Dictionary<string, (long Count, long Inherited)> shares)
    {
        for (int i = 0; i < _used; i++)
        {
            ref readonly Counter counter = ref _counters![i];
            if (counter.Value is { } value)
            {
                (long count, long inherited) = shares.GetValueOrDefault(value);
                shares[value] = (count + counter.Count, inherited + counter.Inherited);
            }
        }
    }

    private struct Counter
    {
        public string? Value;
        public int Hash;
        public int Count;
        public int Inherited;
    }
}
