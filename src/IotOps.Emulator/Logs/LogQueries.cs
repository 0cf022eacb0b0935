namespace IotOps.Emulator.Logs;

/// <summary>The latest queries, which are kept for as long as newer ones leave them room. Thread-safe.</summary>
internal sealed class LogQueries
{
    private const int MaxKept = 100;

    private readonly Lock _lock = new();
    private readonly List<LogQuery> _queries = [];

    public void Add(LogQuery query)
    {
        lock (_lock)
        {
            if (_queries.Count == MaxKept)
            {
                _queries.RemoveAt(0);
            }

            _queries.Add(query);
        }
    }

    public LogQuery? Find(string id)
    {
        lock (_lock) { return _queries.Find(query => query.Id == id); }
    }

    /// <summary>The newest first.</summary>
    public LogQuery[] All()
    {
        lock (_lock) { return [.. _queries.AsEnumerable().Reverse()]; }
    }
}
