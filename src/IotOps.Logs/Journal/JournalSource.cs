using System.IO.Abstractions;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Journal;

/// <summary>
/// Reads the journal by runs of journalctl from where the last one ended, and offers its entries to their sink. Its position counts entries; with
/// it goes the cursor of the last one.
/// </summary>
/// <remarks>One thread at a time calls it; <see cref="Notify"/> may come from any.</remarks>
internal sealed class JournalSource : IDisposable
{
    private const string PatternPrefix = "journal:";
    private const int EntriesPerPoll = 2_000;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private static readonly string[] SystemDirectories = ["/var/log/journal", "/run/log/journal"];

    private readonly LogJournalOptions _options;
    private readonly CheckpointStore _checkpoint;
    private readonly IFileSystem _fileSystem;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly int _maxMessageBytes;
    private readonly ILogger _logger;
    private readonly Action _onNews;
    private JournalRun? _run;
    private string? _cursor;
    private string? _before;
    private long _count;
    private int _sent;
    private bool _seeksEnd;
    private bool _isNew = true;
    private bool _ordered;
    private long _startedAt;
    private long _state;

    /// <exception cref="ArgumentException">An option is malformed; the message names it.</exception>
    public JournalSource(LogShipperOptions options, CheckpointStore checkpoint, ILogger logger, Action onNews)
    {
        _options = options.Journal!;
        (_checkpoint, _logger, _onNews) = (checkpoint, logger, onNews);
        (_fileSystem, _time, _interval, _maxMessageBytes) = (options.FileSystem, options.TimeProvider, options.FlushInterval, options.MaxMessageBytes);
        if (_options.Directory is { } directory && !Path.IsPathFullyQualified(directory))
        {
            throw new ArgumentException($"The journal's directory '{directory}' is not absolute; give the whole path, such as /var/log/journal.", nameof(options));
        }

        var group = StreamTemplate.ForGroup(_options.Group, options.ThingName, ofFile: false);
        var stream = StreamTemplate.ForStream(_options.Stream, options.ThingName, ofFile: false);
        if (group.IsDated || stream.IsDated)
        {
            throw new ArgumentException("The journal's group and stream take no {date}: entries of several days are read as one source.", nameof(options));
        }

        Destination = new LogDestination(group.Expand("", default), stream.Expand("", default));
        Restore();
    }

    /// <summary>Where its entries go.</summary>
    public LogDestination Destination { get; }

    /// <summary>In the checkpoint's numbering.</summary>
    public long Id { get; private set; }

    /// <summary>Entries below the minimum level.</summary>
    public long Filtered { get; private set; }

    /// <summary>The last run failed, and entries may wait.</summary>
    public bool IsFaulty { get; private set; }

    /// <summary>Everything that the last run found is taken, and another is not due.</summary>
    public bool IsIdle => _run is null && !_isNew;

    /// <summary>Makes the next <see cref="Poll"/> look, however short ago the last look was.</summary>
    public void Notify() => Volatile.Write(ref _ordered, true);

    /// <summary>Offers what there is, and starts a run when one is due. Never waits.</summary>
    public TailPoll Poll(IEventSinks sinks)
    {
        if (_run is null && IsDue())
        {
            _isNew = false;
            _startedAt = _time.GetTimestamp();
            _state = State();
            _run = new JournalRun(_options.Program, Arguments(), _maxMessageBytes, _onNews);
        }

        bool isBlocked = false;
        Volatile.Write(ref _ordered, false);
        int budget = EntriesPerPoll;
        while (budget-- > 0 && _run?.TryPeek(out JournalEntry entry) == true && !isBlocked)
        {
            isBlocked = !TryOffer(entry, sinks[Destination]);
            if (!isBlocked)
            {
                _run.Take();
            }
        }

        if (_run is { IsDone: true })
        {
            EndRun();
        }

        TimeSpan next = _run is null ? Wait - _time.GetElapsedTime(_startedAt) : Wait;
        return new TailPoll(_run?.TryPeek(out _) == true && !isBlocked, isBlocked, next > TimeSpan.Zero ? next : TimeSpan.Zero);
    }

    public void Dispose() => _run?.Dispose();

    private TimeSpan Wait => IsFaulty ? AfterFailure : _interval;

    private bool IsDue()
    {
        bool isTime = _time.GetElapsedTime(_startedAt) >= Wait;
        return _isNew || (IsFaulty ? isTime : (isTime || Volatile.Read(ref _ordered)) && State() != _state);
    }

    private void EndRun()
    {
        string? failure = _run!.Failure;
        _run.Dispose();
        _run = null;
        if (_seeksEnd && failure is null)
        {
            _seeksEnd = false;
            Save();
        }

        if (failure is not null && !IsFaulty)
        {
            Log.JournalFailed(_logger, failure);
        }
        else if (failure is null && IsFaulty)
        {
            Log.JournalReadAgain(_logger);
        }

        IsFaulty = failure is not null;
    }

    /// <summary>False when the sink has no room. A message that is too long goes in parts, of which the last one moves the position.</summary>
    private bool TryOffer(JournalEntry entry, IEventSink sink)
    {
        if (_seeksEnd)
        {
            _cursor = entry.Cursor;
            _checkpoint.Advance([new SourcePosition(Id, ++_count, null, entry.Cursor)]);
            return true;
        }

        bool isLeftOut = _options.MinimumLevel is { } minimum && entry.Level < minimum;
        ReadOnlySpan<byte> rest = isLeftOut ? [] : entry.Text.AsSpan(_sent);
        while (!rest.IsEmpty)
        {
            int length = Utf8Text.NextPart(rest, _maxMessageBytes);
            bool isLast = length == rest.Length;
            var part = new TailedEvent
            {
                SourceId = Id,
                EndOffset = isLast ? _count + 1 : _count,
                Timestamp = entry.Time == 0 ? TailedEvent.NoTimestamp : entry.Time,
                Message = rest[..length],
                Cursor = isLast ? entry.Cursor : _before,
            };
            if (!sink.TryAppend(part))
            {
                return false;
            }

            _sent += length;
            rest = rest[length..];
        }

        Filtered += isLeftOut ? 1 : 0;
        _sent = 0;
        _count++;
        _cursor = _before = entry.Cursor;
        return true;
    }

    private List<string> Arguments()
    {
        List<string> arguments =
        [
            "--output=export", "--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID", "--all", "--no-pager", "--quiet",
        ];
        if (_options.Directory is { } directory)
        {
            arguments.Add("--directory=" + directory);
        }

        foreach (string unit in _options.Units)
        {
            arguments.Add("--unit=" + unit);
        }

        if (_seeksEnd)
        {
            arguments.Add("--lines=1");
        }
        else if (_cursor is not null)
        {
            arguments.Add("--after-cursor=" + _cursor);
        }

        return arguments;
    }

    /// <summary>Changes when a journal file does: journald sets its time with every entry.</summary>
    private long State()
    {
        var hash = new HashCode();
        foreach (string directory in _options.Directory is { } one ? [one] : SystemDirectories)
        {
            try
            {
                foreach (string path in _fileSystem.Directory.EnumerateFiles(directory, "*.journal", SearchOption.AllDirectories))
                {
                    IFileInfo file = _fileSystem.FileInfo.New(path);
                    hash.Add(path, StringComparer.Ordinal);
                    hash.Add(file.Length);
                    hash.Add(file.LastWriteTimeUtc.Ticks);
                }
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                hash.Add(e.GetType().Name, StringComparer.Ordinal);
            }
        }

        return hash.ToHashCode();
    }

    private void Restore()
    {
        string pattern = PatternPrefix + _options.Directory;
        foreach (CheckpointEntry entry in _checkpoint.Entries)
        {
            if (entry.Pattern == pattern)
            {
                (Id, _count, _cursor, _before) = (entry.Id, entry.Offset, entry.Cursor, entry.Cursor);
                _checkpoint.Assign(Id, pattern, "", entry.FirstSeenMs, Destination);
            }
        }

        if (Id == 0)
        {
            Id = _checkpoint.NewId();
            _seeksEnd = _options.Start == LogStart.End;
            _checkpoint.Add(new CheckpointEntry
            {
                Id = Id,
                Pattern = pattern,
                Path = "",
                Identity = default,
                Head = default,
                Offset = 0,
                Destination = Destination,
            });
        }

    }

    /// <summary>The end is where it was at the first run, also when nothing came before the next one.</summary>
    private void Save()
    {
        try
        {
            _checkpoint.Save();
        }
        catch (IOException)
        {
            // Logged and counted there, and written with the next change.
        }
    }
}
