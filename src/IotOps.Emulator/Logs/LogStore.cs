using System.Collections.Concurrent;

namespace IotOps.Emulator.Logs;

/// <summary>Every log group of the account. Thread-safe.</summary>
internal sealed class LogStore(EmulatorOptions options)
{
    private readonly ConcurrentDictionary<string, LogGroup> _groups = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private long _accepted;
    private long _acceptedBytes;

    public EmulatorOptions Options { get; } = options;

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public IEnumerable<LogGroup> Groups => _groups.Values.OrderBy(g => g.Name, StringComparer.Ordinal);

    public long AcceptedEvents => Interlocked.Read(ref _accepted);

    public long AcceptedBytes => Interlocked.Read(ref _acceptedBytes);

    /// <summary>Completes when events are next accepted.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public LogGroup? FindGroup(string name) => _groups.GetValueOrDefault(name);

    public LogGroup Group(string name) =>
        FindGroup(name) ?? throw new Refusal(400, "ResourceNotFoundException", "The specified log group does not exist.");

    public LogStream Stream(string group, string stream) =>
        Group(group).Streams.GetValueOrDefault(stream)
            ?? throw new Refusal(400, "ResourceNotFoundException", "The specified log stream does not exist.");

    public void CreateGroup(string name)
    {
        if (!_groups.TryAdd(name, new LogGroup(name, Now)))
        {
            throw new Refusal(400, "ResourceAlreadyExistsException", "The specified log group already exists");
        }
    }

    public void CreateStream(string group, string stream)
    {
        if (!Group(group).Streams.TryAdd(stream, new LogStream(stream, Now)))
        {
            throw new Refusal(400, "ResourceAlreadyExistsException", "The specified log stream already exists");
        }
    }

    public void DeleteGroup(string name)
    {
        if (!_groups.TryRemove(name, out _))
        {
            throw new Refusal(400, "ResourceNotFoundException", "The specified log group does not exist.");
        }
    }

    public void DeleteStream(string group, string stream)
    {
        if (!Group(group).Streams.TryRemove(stream, out _))
        {
            throw new Refusal(400, "ResourceNotFoundException", "The specified log stream does not exist.");
        }
    }

    /// <summary>Days to keep events; null keeps them for ever.</summary>
    public void SetRetention(string group, int? days) => Group(group).RetentionInDays = days;

    /// <summary>Accepts events. <paramref name="create"/> is told the number of the first of them.</summary>
    public void Append(LogStream stream, int count, int messageBytes, Func<long, LogBatch> create)
    {
        long first = Interlocked.Add(ref _accepted, count) - count;
        Interlocked.Add(ref _acceptedBytes, messageBytes);
        stream.Append(create(first), Options.DiscardLogEvents);
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
