using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Reading;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Decides about each new file: a copy of another, to be left alone, or a source, to be put into the checkpoint before it is read.</summary>
internal sealed class SourceStarter
{
    /// <summary>A compressed file that has not changed for this long is probably whole.</summary>
    private static readonly TimeSpan GzipSettlesAfter = TimeSpan.FromSeconds(2);

    /// <summary>A file that is put back piece by piece grows at least this often.</summary>
    private static readonly TimeSpan RestoredWithin = TimeSpan.FromSeconds(5);

    /// <summary>A copy is made to be the only one soon: where neither it nor its original changes for this long, it is none.</summary>
    private static readonly TimeSpan NoCopyAfter = TimeSpan.FromMinutes(5);

    /// <summary>A longer file that equals another's beginning is its copy, as a backup is: no two services write that much alike.</summary>
    private const long LongestChance = 64 << 10;

    private const int FirstBlock = 4096;

    private readonly byte[] _block = new byte[FirstBlock];
    private readonly SourceTable _sources;
    private readonly AbsentSources _absent;
    private readonly OpenFiles _open;
    private readonly ContentComparer _comparer;
    private readonly EventReader _reader;
    private readonly CheckpointStore _checkpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HashSet<FileGroup> _firstLook = [];
    private readonly PathPattern[] _lookedAt;
    private readonly PriorityQueue<TailedFile, string> _new = new(FileNames.OriginalsFirst);
    private readonly List<TailedFile> _unsaved = [];

    public SourceStarter(
        IReadOnlyList<FileGroup> groups, SourceTable sources, AbsentSources absent, OpenFiles open, ContentComparer comparer, EventReader reader,
        CheckpointStore checkpoint, TimeProvider time, ILogger logger)
    {
        (_sources, _absent, _open, _comparer, _reader, _checkpoint, _time, _logger) = (sources, absent, open, comparer, reader, checkpoint, time, logger);
        _lookedAt = [.. checkpoint.Patterns.Select(PathPattern.TryParse).OfType<PathPattern>()];
        foreach (FileGroup group in groups)
        {
            if (!checkpoint.IsKnown(group.Pattern.Text))
            {
                _firstLook.Add(group);
            }
        }
    }

    /// <summary>Starts what can be started. One write of the checkpoint for all.</summary>
    /// <param name="replace">Called for an original whose content turned out to be another by now.</param>
    /// <param name="resume">Called with a source and the new file that turned out to be its own.</param>
    public void StartNew(Action<TailedFile> replace, Action<TailedFile, TailedFile> resume)
    {
        bool save = _unsaved.Count > 0;
        foreach (TailedFile file in _sources.Files)
        {
            if (file.State == FileState.New && file.Now.Size == 0 && file.Content is null && _open.MayTry(file) && !FileNames.IsGzip(file.Path))
            {
                // Held open, it is found again after a rename however late its first line comes.
                _open.Get(file);
            }

            Enqueue(file);
        }

        while (_new.TryDequeue(out TailedFile? file, out _))
        {
            save |= file.IsUnread && _open.MayTry(file) && TryStartSafely(file, replace, resume);
        }

        foreach (TailedFile file in _firstLook.Count > 0 ? _sources.Files : [])
        {
            // The disk refused it: it is no newer for that.
            file.WasThereAtFirst |= file.IsFaulty && !file.IsStarted && IsFirstLook(file);
        }

        foreach (FileGroup group in _firstLook)
        {
            _checkpoint.AddPattern(group.Pattern.Text);
            save = true;
        }

        _firstLook.Clear();
        if (save)
        {
            Save();
        }
    }

    /// <summary>A file that came up while others are started waits for its turn: originals go first.</summary>
    public void Enqueue(TailedFile file)
    {
        if (file.IsUnread)
        {
            _new.Enqueue(file, file.Path);
        }
    }

    private bool IsFirstLook(TailedFile file) => file.Group.Options.Start == LogStart.End && _firstLook.Contains(file.Group);

    private bool TryStartSafely(TailedFile file, Action<TailedFile> replace, Action<TailedFile, TailedFile> resume)
    {
        try
        {
            return TryStart(file, replace, resume);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            _open.Fail(file, e.Message);
            return false;
        }
    }

    private bool TryStart(TailedFile file, Action<TailedFile> replace, Action<TailedFile, TailedFile> resume)
    {
        if (IsNoText(file))
        {
            return false;
        }

        bool isSettling = FileNames.IsGzip(file.Path) && _time.GetElapsedTime(file.ChangedAt) < GzipSettlesAfter;
        bool isChanged = file.State == FileState.New || file.HasUnread;
        if (isChanged && !isSettling && TryResume(file, resume, out bool waits))
        {
            return !waits;
        }

        // What an earlier run looked at by another pattern was there before; what it did not see is new.
        bool startsAtEnd = file.WasThereAtFirst || (IsFirstLook(file) && !Array.Exists(_lookedAt, pattern => pattern.IsMatch(file.Path)));
        if (startsAtEnd)
        {
            return TryRegister(file, startsAtEnd);
        }

        if (isSettling)
        {
            return false;
        }

        if (!TryFindOriginal(file, replace, out TailedFile? original))
        {
            Enqueue(file);
            return false;
        }

        if (original is null || IsNoCopy(file, original))
        {
            return TryRegister(file, startsAtEnd);
        }

        if (file.CopyOf != original)
        {
            Log.LooksLikeCopy(_logger, file.Path, original.Path);
        }

        file.CopyOf = original;
        file.State = FileState.Held;
        return false;
    }

    private bool IsNoText(TailedFile file)
    {
        if (file.IsLeftAlone && !file.HasUnread)
        {
            return true;
        }

        // What is inside a .gz file is text or not.
        if (_open.Get(file) is not { } content || content.IsImmutable)
        {
            return false;
        }

        long lookedAt = FileProbe.SystemNs();
        if (FormatOf(file, content) is not { } format)
        {
            file.IsLeftAlone = false;
            return false;
        }

        if (!file.IsLeftAlone)
        {
            Log.NoText(_logger, file.Path, format);
        }

        file.IsLeftAlone = true;
        file.HasUnread = false;
        file.ReadAtNs = lookedAt;
        return true;
    }

    /// <summary>Name of the format that is no text; null for what may be text.</summary>
    private string? FormatOf(TailedFile file, SourceContent content)
    {
        int read = content.Read(0, _block);
        if (FileMagic.NameOf(_block.AsSpan(0, read)) is { } format)
        {
            return format;
        }

        bool isWide = file.Group.Options.Encoding is LogEncoding.Utf16 or LogEncoding.Utf16BigEndian
            || (file.Group.Options.Encoding == LogEncoding.Detect && _block.AsSpan(0, read) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]);
        if (!isWide && content.NextData(0) is > 0 and var data)
        {
            read = content.Read(data, _block);
        }

        return !isWide && FileMagic.IsBinary(_block.AsSpan(0, read)) ? "binary data (for UTF-16 without a mark at its start, set the encoding)" : null;
    }

    /// <summary>Two services may begin with the same words. Sent twice is better than not at all, when it is short.</summary>
    private bool IsNoCopy(TailedFile file, TailedFile original)
    {
        bool isNone = file.State == FileState.Held && file.CopyOf == original && file.Now.Size <= LongestChance
            && original.State == FileState.Tailed && !original.IsFaulty
            && _time.GetElapsedTime(file.ChangedAt) >= NoCopyAfter && _time.GetElapsedTime(original.ChangedAt) >= NoCopyAfter;
        if (isNone)
        {
            Log.NoCopy(_logger, file.Path, original.Path, NoCopyAfter.TotalMinutes);
        }

        return isNone;
    }

    /// <summary>Looks for the source whose file this is. True when it goes on as that, or waits to see whether it does.</summary>
    private bool TryResume(TailedFile file, Action<TailedFile, TailedFile> resume, out bool waits)
    {
        waits = false;
        if (_open.Get(file) is not { } content)
        {
            return false;
        }

        if (_absent.SourceOf(file, content, out bool mayBecome) is { } source)
        {
            resume(source, file);
            return true;
        }

        waits = mayBecome && _time.GetElapsedTime(file.ChangedAt) < RestoredWithin;
        return waits;
    }

    /// <summary>Looks for the file whose copy this may be. False when that changed what there is to compare with.</summary>
    private bool TryFindOriginal(TailedFile file, Action<TailedFile> replace, out TailedFile? original)
    {
        if (file is { State: FileState.Held, HasUnread: false, CopyOf.IsReadable: true })
        {
            original = file.CopyOf;
            return true;
        }

        file.ReadAtNs = FileProbe.SystemNs();
        file.HasUnread = false;
        foreach (TailedFile candidate in _sources.OriginalsOf(file.Path))
        {
            if (candidate.State == FileState.Absent)
            {
                // Were this its copy, it would have gone on as it.
                continue;
            }

            original = candidate;
            if (_comparer.IsCopySoFar(file, candidate))
            {
                return true;
            }

            // Different from what the original holds now; is that still what it held when it was read?
            if (candidate.State is FileState.Tailed or FileState.Detached && !IsIntact(candidate))
            {
                replace(candidate);
                return false;
            }
        }

        original = null;
        return true;
    }

    /// <summary>True also when it cannot be told now: a fault of the original is no news about its copy.</summary>
    private bool IsIntact(TailedFile candidate)
    {
        try
        {
            return !_open.MayTry(candidate) || _open.Get(candidate) is not { } content || _reader.IsIntact(candidate, content);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            _open.Fail(candidate, e.Message);
            return true;
        }
    }

    private bool TryRegister(TailedFile file, bool startsAtEnd)
    {
        if (_open.Get(file) is not { } content)
        {
            file.State = FileState.New;
            return false;
        }

        // All that can fail comes first: a file is registered whole, or is as new as before.
        Span<byte> window = stackalloc byte[Fingerprint.WindowLength];
        WindowMark end = startsAtEnd ? EndOf(file, content, window) : default;
        int read = content.Read(0, window[..Fingerprint.HeadLength]);
        _open.Succeed(file);
        file.State = FileState.Tailed;

        // NULs behind the text may be space that is reserved, and filled later.
        file.Head = Fingerprint.Of(window[..read].TrimEnd((byte)0));
        if (startsAtEnd)
        {
            file.Position = end.Offset;
            file.Mark = end;

            // Were it read before it is in the checkpoint, a crash would skip to a later end.
            file.IsUnsaved = true;
            _unsaved.Add(file);
        }

        file.CopyOf = null;
        file.HasUnread = true;
        file.LastEventEnd = file.Position;
        file.Id = _checkpoint.NewId();
        _checkpoint.Add(EntryOf(file));
        Log.Tailing(_logger, file.Path, file.Position, file.Destination.ToString());
        return true;
    }

    private static CheckpointEntry EntryOf(TailedFile file) => new()
    {
        Id = file.Id,
        Pattern = file.Group.Pattern.Text,
        Path = file.Path,
        Target = file.Target,
        Identity = file.Identity,
        IsRotated = file.IsRotated,
        Head = file.Head,
        Mark = file.Mark,
        ModifiedNs = file.Now.ModifiedNs,
        Offset = file.Position,
        Destination = file.Destination,
        FoundAs = file.FoundAs,
        FirstSeenMs = file.FirstSeen.ToUnixTimeMilliseconds(),
    };

    private static WindowMark EndOf(TailedFile file, SourceContent content, Span<byte> window)
    {
        long size = content is GzipContent gzip && gzip.IsWhole(out long whole) ? whole : content.Stat().Size;
        bool isWide = file.Group.Options.Encoding is LogEncoding.Utf16 or LogEncoding.Utf16BigEndian;
        long end = isWide ? size & ~1L : size;
        int back = (int)Math.Min(end, window.Length);
        int read = content.Read(end - back, window[..back]);
        return new WindowMark(end, Fingerprint.Of(window[..read]));
    }

    private void Save()
    {
        try
        {
            _checkpoint.Save();
        }
        catch (IOException)
        {
            // Logged and counted there. Files read from their start go on: after a crash they are read again, which beats not at all.
            return;
        }

        _unsaved.ForEach(static file => file.IsUnsaved = false);
        _unsaved.Clear();
    }
}
