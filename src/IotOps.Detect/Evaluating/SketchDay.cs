namespace IotOps.Detect.Evaluating;

/// <summary>A day's datapoints of one thing: how often each rounded value came. Kept as bytes until it is added to.</summary>
internal sealed class SketchDay
{
    /// <summary>A day of datapoints every five minutes has 288.</summary>
    private const int MostValues = 320;

    private ReadOnlyMemory<byte> _bytes;
    private List<(int Key, int Count)>? _values;
    private bool _isChanged;

    public SketchDay(int day)
    {
        Day = day;
        _values = [];
    }

    public SketchDay(int day, ReadOnlyMemory<byte> bytes)
    {
        Day = day;
        _bytes = bytes;
    }

    /// <summary>Days since 1970, UTC.</summary>
    public int Day { get; }

    public void Add(double value)
    {
        _values ??= Read(_bytes);
        _isChanged = true;
        int key = SketchKeys.Of(value);
        int at = _values.FindIndex(one => one.Key >= key);
        if (at >= 0 && _values[at].Key == key)
        {
            _values[at] = (key, _values[at].Count + 1);
        }
        else if (_values.Count < MostValues)
        {
            _values.Insert(at < 0 ? _values.Count : at, (key, 1));
        }
        else
        {
            // More values than a day of reports has: the next one above, or the largest, stands for it.
            at = at < 0 ? _values.Count - 1 : at;
            _values[at] = (_values[at].Key, _values[at].Count + 1);
        }
    }

    public List<(int Key, int Count)> Values() => _values ?? Read(_bytes);

    public ReadOnlyMemory<byte> ToBytes(StateWriter scratch)
    {
        if (_isChanged)
        {
            scratch.Clear();
            Write(scratch, _values!);
            _bytes = scratch.Written.ToArray();
            _isChanged = false;
        }

        return _bytes;
    }

    public static void Write(StateWriter writer, List<(int Key, int Count)> values)
    {
        writer.Count(values.Count);
        int before = 0;
        foreach ((int key, int count) in values)
        {
            writer.Signed((long)key - before);
            writer.Count(count);
            before = key;
        }
    }

    public static List<(int Key, int Count)> Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StateReader(bytes);
        int count = reader.Count();
        List<(int, int)> values = new(count + 1);
        long key = 0;
        for (int i = 0; i < count; i++)
        {
            key += reader.Signed();
            values.Add(((int)key, reader.Small()));
        }

        return values;
    }
}
