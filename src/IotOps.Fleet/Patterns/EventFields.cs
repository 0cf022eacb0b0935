namespace IotOps.Fleet.Patterns;

/// <summary>The values of one event that lie on the paths of the patterns. Used again for the next event.</summary>
internal sealed class EventFields
{
    private EventField[] _fields = new EventField[32];
    private int[] _next = new int[32];
    private readonly int[] _first;
    private readonly int[] _last;

    /// <param name="paths">How many paths there are.</param>
    public EventFields(int paths)
    {
        _first = new int[paths];
        _last = new int[paths];
    }

    /// <summary>Elements of arrays that values lie in.</summary>
    public List<ArrayElement> Elements { get; } = [];

    public int Count { get; private set; }

    /// <summary>Whether a value lies in an object of an array.</summary>
    public bool HasElements { get; private set; }

    public ref readonly EventField this[int index] => ref _fields[index];

    public void Clear()
    {
        Count = 0;
        HasElements = false;
        Elements.Clear();
        Array.Fill(_first, -1);
    }

    public void Add(in EventField field)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * Count);
            Array.Resize(ref _next, 2 * Count);
        }

        _fields[Count] = field;
        _next[Count] = -1;
        if (_first[field.Path] < 0)
        {
            _first[field.Path] = Count;
        }
        else
        {
            _next[_last[field.Path]] = Count;
        }

        _last[field.Path] = Count++;
        HasElements |= field.Element >= 0;
    }

    /// <summary>The first value on a path; -1 for none.</summary>
    public int First(int path) => _first[path];

    /// <summary>The next value on the same path; -1 for none.</summary>
    public int Next(int index) => _next[index];
}
