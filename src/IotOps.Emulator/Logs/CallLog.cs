namespace IotOps.Emulator.Logs;

/// <summary>The latest PutLogEvents calls, and how many there were in all. Thread-safe.</summary>
internal sealed class CallLog
{
    // A soak test runs for days: what it looks at afterwards is the end.
    private const int Kept = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<PutLogEventsCall> _calls = new();
    private long _total;

    public long Total
    {
        get { lock (_lock) { return _total; } }
    }

    public void Add(PutLogEventsCall call)
    {
        lock (_lock)
        {
            _total++;
            _calls.Enqueue(call);
            if (_calls.Count > Kept)
            {
                _calls.Dequeue();
            }
        }
    }

    public IReadOnlyList<PutLogEventsCall> Latest()
    {
        lock (_lock) { return [.. _calls]; }
    }
}
