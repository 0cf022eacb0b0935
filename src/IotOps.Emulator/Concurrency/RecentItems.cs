namespace IotOps.Emulator.Concurrency;

/// <summary>The latest of what came, within a number and a size. Thread-safe.</summary>
internal sealed class RecentItems<T>(Func<T, long> sizeOf)
{
    // A soak test runs for days: what it looks at afterwards is the end.
    private const int MaxItems = 10_000;
    private const long MaxBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<T> _items = new();
    private long _bytes;
    private long _total;

    /// <summary>How many came since the start.</summary>
    /// <summary>Fires when an item was added.</summary>
    public ChangeSignal Changed { get; } = new();

    public long Total
    {
        get { lock (_lock) { return _total; } }
    }

    public void Add(T item)
    {
        lock (_lock)
        {
            _total++;
            _items.Enqueue(item);
            _bytes += sizeOf(item);
            while (_items.Count > MaxItems || (_bytes > MaxBytes && _items.Count > 1))
            {
                _bytes -= sizeOf(_items.Dequeue());
            }
        }

        Changed.Fire();
    }

    /// <summary>Those that are still held, oldest first.</summary>
    public T[] Latest()
    {
        lock (_lock) { return [.. _items]; }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _items.Clear();
            _bytes = 0;
        }
    }
}
