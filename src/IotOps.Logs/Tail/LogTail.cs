using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Reading;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Finds the files, follows them through rotation, and offers what is new in them to sinks.</summary>
/// <remarks>One thread at a time calls it; <see cref="Notify"/> may come from any.</remarks>
internal sealed class LogTail : IDisposable
{
    private const int BytesPerPoll = 4 << 20;

    /// <summary>Of the time, one part in so many may go into looking at files.</summary>
    private const int RefreshShare = 20;

    private const int Untold = 0;

    /// <summary>The system told of a change: worth a look when the last one is not too fresh.</summary>
    private const int Hinted = 1;

    /// <summary>The caller wants a look now.</summary>
    private const int Ordered = 2;

    private static readonly TimeSpan Unsettled = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly TimeSpan _pollInterval;
    private readonly CheckpointStore _checkpoint;
    private readonly OpenFiles _open;
    private readonly EventReader _reader;
    private readonly FileTracker _tracker;
    private readonly ILogger _logger;
    private readonly Action? _onChange;
    private readonly ChangeWatcher? _watcher;
    private long? _refreshedAt;
    private TimeSpan _refreshAfter;
    private TimeSpan _rest;
    private int _told;
    private int _cursor;
    private long _round;

    /// <param name="options">Which files, and what they may use.</param>
    /// <param name="checkpoint">Where positions are kept; the caller disposes it, after this.</param>
    /// <param name="logger">Where the tail tells what it does.</param>
    /// <param name="onChange">Called, on any thread, when the system tells of a change: <see cref="Poll"/> is worth a call.</param>
    /// <exception cref="ArgumentException">A file option is malformed; the message names it.</exception>
    public LogTail(LogShipperOptions options, CheckpointStore checkpoint, ILogger logger, Action? onChange = null)
    {
        _onChange = onChange;
        _logger = logger;
        _time = options.TimeProvider;
        _pollInterval = options.PollInterval;
        _checkpoint = checkpoint;
        FileGroup[] groups = [.. options.Files.Select(files => new FileGroup(files, options.ThingName, options.MaxMessageBytes))];
        var probe = new FileProbe(options.FileSystem);
        _open = new OpenFiles(options.MaxOpenFiles, options.FileSystem, probe, options.TimeProvider, logger);
        _reader = new EventReader(_open, checkpoint, options.MaxMessageBytes, options.TimeProvider);
        var scan = new DirectoryScan(groups, options.FileSystem, probe, logger);
        _tracker = new FileTracker(groups, scan, _open, probe, _reader, checkpoint, options.KeepPositions, options.TimeProvider, logger);
        NoteOwner(options);
        if (onChange is not null && OperatingSystem.IsLinux())
        {
            _watcher = ChangeWatcher.TryStart(() => Tell(Hinted), _pollInterval, logger);
        }
    }

    /// <summary>Events that sinks took since the start.</summary>
    public long EventsRead => _reader.Events;

    /// <summary>Events that the configuration leaves out, since the start.</summary>
    public long EventsFiltered => _reader.Filtered;

    /// <summary>Handles held now.</summary>
    public int OpenFileCount => _open.Count;

    /// <summary>Files with bytes that are not offered: the disk refuses them, or they are so far equal to another file's beginning.</summary>
    public int FilesPending { get; private set; }

    /// <summary>Bytes that could be offered and were not yet: a last line that is still being written does not count.</summary>
    public long UnreadBytes
    {
        get
        {
            long unread = 0;
            foreach (TailedFile file in _tracker.Files)
            {
                unread += Unread(file);
            }

            return unread;
        }
    }

    /// <summary>All that can be read is offered and taken.</summary>
    public bool IsIdle => _refreshedAt is not null && !_tracker.IsUnsettled && UnreadBytes == 0;

    /// <summary>Where the events of a source go now; null when the configuration does not say.</summary>
    public LogDestination? DestinationOf(long sourceId)
    {
        foreach (TailedFile file in _tracker.Files)
        {
            if (file.Id == sourceId)
            {
                return file.IsSelected && !file.Group.IsDated ? file.Destination : null;
            }
        }

        return null;
    }

    /// <summary>Makes the next <see cref="Poll"/> look at the files, however short ago the last look was.</summary>
    public void Notify() => Tell(Ordered);

    /// <summary>Looks for files when that is due, reads what is new, at most some MiB, and offers it. Never waits.</summary>
    public TailPoll Poll(IEventSinks sinks)
    {
        long now = _time.GetTimestamp();
        TimeSpan since = _refreshedAt is { } last ? _time.GetElapsedTime(last, now) : TimeSpan.MaxValue;
        int told = Volatile.Read(ref _told);
        if (told == Ordered || (told == Hinted && since >= _rest) || since >= _refreshAfter)
        {
            Refresh(now);
            since = TimeSpan.Zero;
        }

        _round++;
        bool blocked = ReadAll(sinks, now, out bool more);
        TellVanishing(sinks);
        FilesPending = CountPending();
        TimeSpan next = (Volatile.Read(ref _told) == Untold ? _refreshAfter : _rest) - since;
        return new TailPoll(more, blocked, next > TimeSpan.Zero ? next : TimeSpan.Zero);
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _watcher?.Dispose();
        }

        _open.Dispose();
    }

    private void Tell(int what)
    {
        if (what == Ordered)
        {
            Volatile.Write(ref _told, Ordered);
        }
        else
        {
            Interlocked.CompareExchange(ref _told, Hinted, Untold);
        }

        _onChange?.Invoke();
    }

    private void Refresh(long now)
    {
        Volatile.Write(ref _told, Untold);
        bool walked = _tracker.Refresh();
        if (walked && OperatingSystem.IsLinux())
        {
            _watcher?.Watch(_tracker.Directories);
        }

        // Looking at thousands of files for every change of one would cost more than reading them.
        TimeSpan cost = _time.GetElapsedTime(now);
        _rest = cost * RefreshShare < _pollInterval ? cost * RefreshShare : _pollInterval;
        _refreshedAt = now;
        _refreshAfter = _tracker.IsUnsettled ? Unsettled : _pollInterval;
    }

    private bool ReadAll(IEventSinks sinks, long now, out bool more)
    {
        bool blocked = false;
        long budget = BytesPerPoll;
        do
        {
            more = false;
            for (int i = _tracker.Files.Length; i > 0; i--)
            {
                if (budget <= 0)
                {
                    more = true;
                    break;
                }

                // A chunk of each in turn, and the next call goes on where this one ends: a busy file keeps no other waiting.
                _cursor = _cursor + 1 < _tracker.Files.Length ? _cursor + 1 : 0;
                TailedFile file = _tracker.Files[_cursor];
                FrameEnd end = EndOf(file, now);
                if (!file.IsBlockedIn(_round) && file.IsReadable && _open.MayTry(file) && (file.HasUnread || (end != FrameEnd.None && file.RestLength > 0)))
                {
                    ReadOutcome outcome = Read(file, sinks, end, ref budget);
                    blocked |= outcome == ReadOutcome.Blocked;
                    more |= outcome is ReadOutcome.More or ReadOutcome.Broken;
                }
            }
        }
        while (more && budget > 0);

        return blocked;
    }

    private ReadOutcome Read(TailedFile file, IEventSinks sinks, FrameEnd end, ref long budget)
    {
        ReadOutcome outcome;
        try
        {
            outcome = _reader.Read(file, sinks, end, out int bytes);
            budget -= bytes;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            _open.Fail(file, e.Message);
            outcome = ReadOutcome.CannotOpen;
        }

        if (!file.Group.WasToldSlow && file.Group.SlowPattern is { } slow)
        {
            file.Group.WasToldSlow = true;
            Log.PatternSlow(_logger, slow.ToString(), file.Path);
        }

        file.BlockedIn = outcome == ReadOutcome.Blocked ? _round : 0;
        switch (outcome)
        {
            case ReadOutcome.Broken:
                _tracker.OnBroken(file);
                break;

            case ReadOutcome.CannotOpen:
                file.HasUnread = false;
                file.ReadAtNs = 0;
                break;

            case ReadOutcome.AtEnd when end == FrameEnd.Final && file.Content is GzipContent { Damage: { } damage } && !file.WasReported:
                file.WasReported = true;
                Log.GzipDamaged(_logger, file.Path, file.Position, damage);
                break;
        }

        return outcome;
    }

    private FrameEnd EndOf(TailedFile file, long now)
    {
        if (_tracker.IsFinal(file, now))
        {
            return FrameEnd.Final;
        }

        return file.Group.Options.MultiLine is { } lines && _time.GetElapsedTime(file.ChangedAt, now) >= lines.FlushAfter
            ? FrameEnd.Flush
            : FrameEnd.None;
    }

    /// <summary>Sinks keep the events of bytes that are gone on disk; told after each reading, because more may have been taken.</summary>
    private void TellVanishing(IEventSinks sinks)
    {
        foreach (TailedFile file in _tracker.Files)
        {
            bool isUnlinked = file.State == FileState.Detached && file.Now.Links == 0;
            if ((isUnlinked || file.IsVanishing) && file.Id != 0 && file.LastEventEnd > file.VanishingToldAt
                && _checkpoint.CommittedOffset(file.Id) < file.LastEventEnd)
            {
                file.VanishingToldAt = file.LastEventEnd;
                sinks[file.Destination].SourceIsVanishing(file.Id);
            }
        }
    }

    private void NoteOwner(LogShipperOptions options)
    {
        var now = StateOwner.Of(options.ThingName, options.FileSystem);
        if (_checkpoint.Own(now) is { } before && before != now)
        {
            Log.OwnerChanged(_logger, options.StateDirectory, before.Thing ?? "", now.Thing ?? "");
        }
    }

    private int CountPending()
    {
        int pending = 0;
        foreach (TailedFile file in _tracker.Files)
        {
            pending += file.IsFaulty || (file.State == FileState.Held && file.Now.Size > 0) || file.MayHaveCopy ? 1 : 0;
        }

        return pending;
    }

    private static long Unread(TailedFile file)
    {
        if (file.IsFaulty || file.IsLeftAlone)
        {
            return 0;
        }

        switch (file.State)
        {
            case FileState.New:
                return file.Now.Size;
            case FileState.Tailed or FileState.Detached or FileState.Remembered:
                bool waitsForMore = file.State == FileState.Tailed && !file.IsRotated && file.IsRestUnfinished;
                if (!file.HasUnread)
                {
                    return waitsForMore ? 0 : file.RestLength;
                }

                return Math.Max(file.IsGzip ? 1 : 0, file.Now.Size - file.Position - (file.BlockedIn != 0 || !waitsForMore ? 0 : file.RestLength));
            default:
                return 0;
        }
    }
}
