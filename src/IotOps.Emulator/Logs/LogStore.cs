using System.Collections.Concurrent;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>Every log group of the account. Thread-safe.</summary>
internal sealed class LogStore
{
    private readonly LogFiles? _files;
    private readonly ConcurrentDictionary<string, LogGroup> _groups = new(StringComparer.Ordinal);
    private long _accepted;
    private long _acceptedBytes;
    private long _sequence;

    public LogStore(EmulatorOptions options)
    {
        Options = options;
        if (options.DataDirectory is { } directory)
        {
            _files = new LogFiles(Path.Combine(directory, "logs"));
            foreach (LogGroup group in _files.Load(Number))
            {
                _groups[group.Name] = group;
            }
        }
    }

    public EmulatorOptions Options { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public IEnumerable<LogGroup> Groups => _groups.Values.OrderBy(g => g.Name, StringComparer.Ordinal);

    public long AcceptedEvents => Interlocked.Read(ref _accepted);

    public long AcceptedBytes => Interlocked.Read(ref _acceptedBytes);

    /// <summary>Where subscription filters deliver to.</summary>
    public SubscriptionTargets Targets { get; } = new();

    /// <summary>Who watches events come in.</summary>
    public LiveTails Tails { get; } = new();

    /// <summary>The latest values of metric filters.</summary>
    public RecentItems<ReceivedMetricValue> Metrics { get; } = new(static _ => 0);

    /// <summary>Fires when events are accepted.</summary>
    public ChangeSignal Changed { get; } = new();

    public LogGroup? FindGroup(string name) => _groups.GetValueOrDefault(name);

    public LogGroup Group(string name) =>
        FindGroup(name) ?? throw new Refusal(400, "ResourceNotFoundException", "The specified log group does not exist.");

    public LogStream Stream(string group, string stream) =>
        Group(group).Streams.GetValueOrDefault(stream)
            ?? throw new Refusal(400, "ResourceNotFoundException", "The specified log stream does not exist.");

    public void CreateGroup(string name, GroupSettings settings, bool isProtected = false)
    {
        var group = new LogGroup(name, Now, settings) { IsProtected = isProtected };
        if (!_groups.TryAdd(name, group))
        {
            throw new Refusal(400, "ResourceAlreadyExistsException", "The specified log group already exists");
        }

        _files?.Write(group);
    }

    public void CreateStream(string group, string stream)
    {
        ConcurrentDictionary<string, LogStream> streams = Group(group).Streams;
        lock (streams)
        {
            if (streams.ContainsKey(stream))
            {
                throw new Refusal(400, "ResourceAlreadyExistsException", "The specified log stream already exists");
            }

            long now = Now;
            streams[stream] = new LogStream(stream, now, _files?.Create(group, stream, now));
        }
    }

    public void DeleteGroup(string name)
    {
        if (Group(name).IsProtected)
        {
            // Which of its errors the service answers is not documented.
            throw new Refusal(400, "ValidationException", $"The log group '{name}' has deletion protection enabled.");
        }

        if (!_groups.TryRemove(name, out _))
        {
            throw new Refusal(400, "ResourceNotFoundException", "The specified log group does not exist.");
        }

        _files?.Delete(name);
    }

    public void DeleteStream(string group, string stream)
    {
        ConcurrentDictionary<string, LogStream> streams = Group(group).Streams;
        lock (streams)
        {
            if (!streams.TryRemove(stream, out LogStream? removed))
            {
                throw new Refusal(400, "ResourceNotFoundException", "The specified log stream does not exist.");
            }

            removed.Delete();
        }
    }

    public void SetProtection(string name, bool isProtected)
    {
        LogGroup group = Group(name);
        group.IsProtected = isProtected;
        _files?.Write(group);
    }

    /// <summary>Days to keep events; null keeps them for ever.</summary>
    public void SetRetention(string name, int? days)
    {
        LogGroup group = Group(name);
        group.RetentionInDays = days;
        _files?.Write(group);
    }

    /// <summary>Changes a group's tags, one change after the other.</summary>
    public void SetTags(LogGroup group, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change)
    {
        lock (group)
        {
            group.Tags = change(group.Tags);
            _files?.Write(group);
        }
    }

    /// <summary>Accepts events, and lets the filters of their group have them. <paramref name="create"/> gets the number of the first of them.</summary>
    public void Append(LogGroup group, LogStream stream, int count, int messageBytes, Func<long, LogBatch> create)
    {
        LogBatch batch = create(Number(count));
        stream.Append(batch, Options.DiscardLogEvents);
        Interlocked.Add(ref _accepted, count);
        Interlocked.Add(ref _acceptedBytes, messageBytes);
        if (group.HasFilters)
        {
            Filter(group, stream, batch);
        }

        if (!Tails.IsEmpty)
        {
            Tails.Offer(group, stream, batch);
        }

        Changed.Fire();
    }

    private void Filter(LogGroup group, LogStream stream, LogBatch batch)
    {
        foreach (ReceivedMetricValue value in group.MetricFilters.Values.SelectMany(filter => filter.Values(group, batch)))
        {
            Metrics.Add(value);
        }

        foreach (LogSubscriptionDelivery delivery in group.SubscriptionFilters.Values.Select(filter => filter.Of(Options.AccountId, group, stream, batch)).OfType<LogSubscriptionDelivery>())
        {
            Targets.Deliver(delivery);
        }
    }

    private long Number(int count) => Interlocked.Add(ref _sequence, count) - count;
}
