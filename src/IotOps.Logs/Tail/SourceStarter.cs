using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Decides about each new file: a copy of another, to be left alone, or a source, to be put into the checkpoint before it is read.</summary>
internal sealed class SourceStarter
{
    /// <summary>A compressed file that has not changed for this long is probably whole.</summary>
    private static readonly TimeSpan GzipSettlesAfter = TimeSpan.FromSeconds(2);

    private readonly SourceTable _sources;
    private readonly OpenFiles _open;
    private readonly ContentComparer _comparer;
    private readonly EventReader _reader;
    private readonly CheckpointStore _checkpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HashSet<FileGroup> _firstLook = [];
    private readonly PriorityQueue<TailedFile, string> _new = new(FileNames.OriginalsFirst);
    private readonly List<TailedFile> _unsaved = [];

    public SourceStarter(
        IReadOnlyList<FileGroup> groups, SourceTable sources, OpenFiles open, ContentComparer comparer, EventReader reader,
        CheckpointStore checkpoint, TimeProvider time, ILogger logger)
    {
        (_sources, _open, _comparer, _reader, _checkpoint, _time, _logger) = (sources, open, comparer, reader, checkpoint, time, logger);
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
    public void StartNew(Action<TailedFile> replace)
    {
        bool save = _unsaved.Count > 0;
        foreach (TailedFile file in _sources.Files)
        {
            if (file.State == FileState.New && file.Now.Size == 0 && file.Content is null && !FileNames.IsGzip(file.Path))
            {
                // Held open, it is found again after a rename however late its first line comes.
                _open.Get(file);
            }

            Enqueue(file);
        }

        while (_new.TryDequeue(out TailedFile? file, out _))
        {
            save |= file.IsUnread && TryStart(file, replace);
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

    private bool TryStart(TailedFile file, Action<TailedFile> replace)
    {
        bool startsAtEnd = file.Group.Options.Start == LogStart.End && _firstLook.Contains(file.Group);
        if (startsAtEnd)
        {
            return TryRegister(file, startsAtEnd);
        }

        if (FileNames.IsGzip(file.Path) && _time.GetElapsedTime(file.ChangedAt) < GzipSettlesAfter)
        {
            return false;
        }

        if (!TryFindOriginal(file, replace, out TailedFile? original))
        {
            Enqueue(file);
            return false;
        }

        if (original is null)
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
            original = candidate;
            if (_comparer.IsCopySoFar(file, candidate))
            {
                return true;
            }

            // Different from what the original holds now; is that still what it held when it was read?
            if (candidate.State is FileState.Tailed or FileState.Detached
                && _open.Get(candidate) is { } content && !_reader.IsIntact(candidate, content))
            {
                replace(candidate);
                return false;
            }
        }

        original = null;
        return true;
    }

    private bool TryRegister(TailedFile file, bool startsAtEnd)
    {
        file.State = FileState.Tailed;
        SourceContent? content = _open.Get(file);
        if (content is null)
        {
            file.State = FileState.New;
            return false;
        }

        Span<byte> window = stackalloc byte[Fingerprint.WindowLength];
        int read = content.Read(0, window[..Fingerprint.HeadLength]);
        file.Head = Fingerprint.Of(window[..read]);
        if (startsAtEnd)
        {
            MoveToEnd(file, content, window);

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
    };

    private static void MoveToEnd(TailedFile file, SourceContent content, Span<byte> window)
    {
        long size = content is GzipContent gzip && gzip.IsWhole(out long whole) ? whole : content.Stat().Size;
        bool isWide = file.Group.Options.Encoding is LogEncoding.Utf16 or LogEncoding.Utf16BigEndian;
        file.Position = isWide ? size & ~1L : size;
        int back = (int)Math.Min(file.Position, window.Length);
        int read = content.Read(file.Position - back, window[..back]);
        file.Mark = new WindowMark(file.Position, Fingerprint.Of(window[..read]));
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
