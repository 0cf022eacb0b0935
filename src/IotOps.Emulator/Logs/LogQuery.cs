using IotOps.Emulator.Logs.Queries;

namespace IotOps.Emulator.Logs;

/// <summary>A query that was started. It is running until its results were asked for once, so that who does not wait for it finds nothing.</summary>
internal sealed class LogQuery(string id, string text, IReadOnlyList<string> groups, long createdAt, QueryResult result)
{
    private readonly Lock _lock = new();
    private string _status = "Running";

    public string Id { get; } = id;

    public string Text { get; } = text;

    /// <summary>Names of the groups that it looks at.</summary>
    public IReadOnlyList<string> Groups { get; } = groups;

    /// <summary>Milliseconds since 1970.</summary>
    public long CreatedAt { get; } = createdAt;

    public QueryResult Result { get; } = result;

    public string Status
    {
        get { lock (_lock) { return _status; } }
    }

    /// <summary>How it stands for who asks for its results; whoever asks next finds it complete.</summary>
    public string Poll()
    {
        lock (_lock)
        {
            string status = _status;
            _status = status == "Running" ? "Complete" : status;
            return status;
        }
    }

    /// <summary>Ends it.</summary>
    /// <returns>False when it had ended.</returns>
    public bool TryCancel()
    {
        lock (_lock)
        {
            bool isRunning = _status == "Running";
            _status = isRunning ? "Cancelled" : _status;
            return isRunning;
        }
    }
}
