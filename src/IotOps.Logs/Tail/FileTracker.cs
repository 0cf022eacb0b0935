using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Knows every file that is a source: finds new ones, and follows each through renames, copies, truncation and deletion.</summary>
internal sealed class FileTracker
{
    /// <summary>A file whose name is another's by now ends, its last line unfinished or not, when it has not grown for this long.</summary>
    public static readonly TimeSpan FinalAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan GzipSettlesAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MovedAwayAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan FullScanInterval = TimeSpan.FromSeconds(10);

    private readonly DirectoryScan _scan;
    private readonly OpenFiles _open;
    private readonly FileProbe _probe;
    private readonly ContentComparer _comparer;
    private readonly EventReader _reader;
    private readonly CheckpointStore _checkpoint;
    private readonly IReadOnlyList<FileGroup> _groups;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<TailedFile> _files = [];
    private readonly Dictionary<FileIdentity, TailedFile> _byIdentity = [];
    private readonly Dictionary<string, List<TailedFile>> _byStem = new(StringComparer.Ordinal);
    private readonly List<TailedFile> _displaced = [];
    private readonly HashSet<FileGroup> _firstLook = [];
    private readonly PriorityQueue<TailedFile, string> _new = new(FileNames.OriginalsFirst);
    private long? _lastFullScan;

    public FileTracker(
        IReadOnlyList<FileGroup> groups, DirectoryScan scan, OpenFiles open, FileProbe probe, EventReader reader,
        CheckpointStore checkpoint, TimeProvider time, ILogger logger)
    {
        (_groups, _scan, _open, _probe, _reader, _checkpoint, _time, _logger) = (groups, scan, open, probe, reader, checkpoint, time, logger);
        _comparer = new ContentComparer(open);
        foreach (FileGroup group in groups)
        {
            if (!checkpoint.IsKnown(group.Glob.Pattern))
            {
                _firstLook.Add(group);
            }
        }

        foreach (CheckpointEntry entry in checkpoint.Entries)
        {
            Restore(entry);
        }
    }

    public ReadOnlySpan<TailedFile> Files => CollectionsMarshal.AsSpan(_files);

    public IEnumerable<string> Directories => _scan.Directories;

    /// <summary>Some file was not where it was; looking again soon tells whether it moved or is gone.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>Looks at every file and, where something changed, at the directories. True when it walked those.</summary>
    public bool Refresh()
    {
        long now = _time.GetTimestamp();
        bool full = _lastFullScan is not { } last || _time.GetElapsedTime(last, now) >= FullScanInterval;
        if (full)
        {
            _lastFullScan = now;
        }

        bool walked = _scan.Update(full || IsUnsettled);
        IsUnsettled = false;
        foreach (TailedFile file in _files)
        {
            Look(file, now);
        }

        foreach (TailedFile file in _displaced)
        {
            Resolve(file);
        }

        if (walked || _displaced.Count > 0)
        {
            Adopt();
        }

        _displaced.Clear();
        StartNew(now);
        Forget(now);
        return walked;
    }

    /// <summary>A file's content is not the one that was read: its old content is elsewhere or gone, and the new one is a new source.</summary>
    public void OnBroken(TailedFile file)
    {
        Replace(file);
        StartNew(_time.GetTimestamp());
    }

    private void Replace(TailedFile file)
    {
        string path = file.Path;
        FileIdentity identity = file.Identity;
        FileStat stat = _probe.Stat(path, file.EncodedPath);
        _open.Close(file);
        _scan.ForgetListings();
        Unclaim(file);
        if (!TryMoveToCopy(file))
        {
            Lose(file);
        }

        if (stat.IsRegular && stat.Identity == identity && !_byIdentity.ContainsKey(identity) && GroupOf(path) is { } group)
        {
            TailedFile fresh = Add(group, path, stat);
            fresh.IsTruncated = true;
            EnqueueNew(fresh);
        }
    }

    /// <summary>No more will come: an unfinished last line is an event.</summary>
    public bool IsFinal(TailedFile file, long now) =>
        file.State == FileState.Remembered
        || ((file.State == FileState.Detached || file.IsRotated || file.IsGzip) && _time.GetElapsedTime(file.ChangedAt, now) >= FinalAfter);

    private void Restore(CheckpointEntry entry)
    {
        FileGroup? group = _groups.FirstOrDefault(g => g.Glob.Pattern == entry.Pattern);
        if (group is null)
        {
            Log.PatternGone(_logger, entry.Path, entry.Pattern);
            _checkpoint.Remove(entry.Id);
            return;
        }

        var file = new TailedFile(group, entry.Path, new FileStat(FileKind.Regular, entry.Identity, 0, entry.ModifiedNs, 0, 1), entry.Destination)
        {
            Id = entry.Id,
            State = FileState.Tailed,
            IsConfirmed = false,
            Target = entry.Target,
            IsRotated = entry.IsRotated,
            Position = entry.Offset,
            LastEventEnd = entry.Offset,
            Head = entry.Head,
            Mark = entry.Mark,
            ChangedAt = _time.GetTimestamp(),
        };
        Register(file);
    }

    private TailedFile Add(FileGroup group, string path, in FileStat stat)
    {
        var file = new TailedFile(group, path, stat, group.Destination(path, _time.GetUtcNow()))
        {
            ChangedAt = _time.GetTimestamp(),
            Target = TargetOf(path),
        };
        Register(file);
        return file;
    }

    private void Register(TailedFile file)
    {
        _files.Add(file);
        _byIdentity[file.Identity] = file;
        Named(file.Path).Add(file);
    }

    private List<TailedFile> Named(string path)
    {
        string stem = FileNames.Stem(path);
        if (!_byStem.TryGetValue(stem, out List<TailedFile>? files))
        {
            _byStem[stem] = files = [];
        }

        return files;
    }

    private void Look(TailedFile file, long now)
    {
        switch (file.State)
        {
            case FileState.New or FileState.Held or FileState.Tailed:
                FileStat stat = _probe.Stat(file.Path, file.EncodedPath);
                if (stat.IsRegular && stat.Identity == file.Identity && Confirm(file))
                {
                    if (file.IsGzip && !stat.SameState(file.Now))
                    {
                        // What was the end of the compressed stream may not be its end any more.
                        _open.Close(file);
                    }

                    file.Observe(stat, now);
                }
                else
                {
                    _displaced.Add(file);
                }

                break;

            case FileState.Detached:
                file.Observe(file.Content!.Stat(), now);
                TimeSpan quiet = _time.GetElapsedTime(file.ChangedAt, now);
                bool mayComeBack = file.Now.Links > 0 && quiet < MovedAwayAfter;
                if (!file.HasUnread && file.BlockedIn == 0 && file.RestLength == 0 && quiet >= FinalAfter && !mayComeBack && !TryMoveToCopy(file))
                {
                    Release(file);
                }

                break;

            case FileState.Remembered:
                if (file.Position >= file.Now.Size)
                {
                    Release(file);
                }

                break;
        }
    }

    /// <summary>After a start, an inode may belong to another file by now: only the content tells.</summary>
    private bool Confirm(TailedFile file)
    {
        if (file.IsConfirmed)
        {
            return true;
        }

        if (_open.Get(file) is { } content && !(content.IsImmutable ? _comparer.HoldsKnown(file, content) : _reader.IsIntact(file, content)))
        {
            _open.Close(file);
            DisownIdentity(file);
            return false;
        }

        file.IsConfirmed = true;
        _byIdentity[file.Identity] = file;
        return true;
    }

    private void DisownIdentity(TailedFile file)
    {
        Unclaim(file);
        file.MoveTo(file.Path, default);
        if (file.Id != 0)
        {
            _checkpoint.Relocate(file.Id, file.Path, file.Target, default, file.IsRotated);
        }
    }

    /// <summary>Finds a file whose path leads elsewhere: renamed, deleted with a handle left, or gone.</summary>
    private void Resolve(TailedFile file)
    {
        if (!file.IsStarted && file.Content is null)
        {
            ResolveUnread(file);
            return;
        }

        if (file.Identity != default && FindByIdentity(file) is { } found && IsSameFile(file, found))
        {
            Log.Moved(_logger, file.Path, found.Path, file.Position);
            string path = file.Path;
            Move(file, found.Path, found.Stat);
            AdoptGenerationsBetween(file, path);
            return;
        }

        if (!file.IsStarted)
        {
            Drop(file);
            return;
        }

        if (file.Content is not null and not RememberedContent && file.State == FileState.Tailed)
        {
            file.State = FileState.Detached;
            file.HasUnread = true;
            file.Now = file.Content.Stat();
            file.ChangedAt = _time.GetTimestamp();
            return;
        }

        // One look can miss a file that is being renamed.
        IsUnsettled = true;
        if (++file.Missing < 2)
        {
            return;
        }

        Unclaim(file);
        if (!TryMoveToCopy(file))
        {
            Lose(file);
        }
    }

    /// <summary>Nothing was read of it, and its inode may be another file's by now: unless it is the same and matches, it is looked at anew.</summary>
    private void ResolveUnread(TailedFile file)
    {
        if (FindByIdentity(file) is { } found && found.Stat.Size == file.Now.Size && found.Stat.ModifiedNs == file.Now.ModifiedNs
            && file.Group.IsMatch(found.Path))
        {
            Move(file, found.Path, found.Stat);
            return;
        }

        Drop(file);
    }

    /// <summary>
    /// A file that had the name after this one, and lost it again before anyone looked, is under a rotated name now that no pattern may match.
    /// It was born after this file, and written after this one was.
    /// </summary>
    private void AdoptGenerationsBetween(TailedFile file, string path)
    {
        if (!file.IsStarted || !file.Group.IsMatch(path) || file.Now.BornNs == 0)
        {
            return;
        }

        foreach (FoundFile found in _scan.List(Path.GetDirectoryName(path)!))
        {
            if (found.Stat.BornNs > file.Now.BornNs && found.Stat.ModifiedNs >= file.Now.ModifiedNs
                && !_byIdentity.ContainsKey(found.Stat.Identity) && !FileNames.IsGzip(found.Path)
                && FileNames.IsDerived(found.Path, path) && GroupOf(found.Path) is null && !file.Group.IsExcluded(found.Path))
            {
                Add(file.Group, found.Path, found.Stat).IsRotated = true;
            }
        }
    }

    private bool IsSameFile(TailedFile file, in FoundFile found)
    {
        // While it is open, no other file can have its inode.
        if (file.Content is not null || _comparer.IsIntact(file, found))
        {
            file.IsConfirmed = true;
            return true;
        }

        DisownIdentity(file);
        return false;
    }

    private FoundFile? FindByIdentity(TailedFile file)
    {
        foreach (FoundFile found in _scan.Found)
        {
            if (found.Stat.Identity == file.Identity && _probe.Stat(found.Path) is { IsRegular: true } stat && stat.Identity == file.Identity)
            {
                return found with { Stat = stat };
            }
        }

        foreach (string directory in Neighbourhood(file))
        {
            foreach (FoundFile found in _scan.List(directory))
            {
                if (found.Stat.Identity == file.Identity)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> Neighbourhood(TailedFile file)
    {
        string directory = Path.GetDirectoryName(file.Path)!;
        yield return directory;
        if (file.Target is not null && Path.GetDirectoryName(file.Target) is { } other && other != directory)
        {
            yield return other;
        }
    }

    private bool TryMoveToCopy(TailedFile file)
    {
        FoundFile? best = null;
        foreach (string directory in Neighbourhood(file))
        {
            foreach (FoundFile found in _scan.List(directory))
            {
                if (_byIdentity.TryGetValue(found.Stat.Identity, out TailedFile? other) && (other.IsStarted || other == file))
                {
                    continue;
                }

                bool isNewer = best is null || found.Stat.ModifiedNs > best.Value.Stat.ModifiedNs;
                if (isNewer && found.Stat.Identity != file.Identity && _comparer.HoldsContentOf(file, found.Path, found.Stat))
                {
                    best = found;
                }
            }
        }

        if (best is not { } copy)
        {
            return false;
        }

        if (_byIdentity.TryGetValue(copy.Stat.Identity, out TailedFile? held))
        {
            Drop(held);
        }

        Log.Moved(_logger, file.Path, copy.Path, file.Position);
        _open.Close(file);
        file.State = FileState.Tailed;
        Move(file, copy.Path, copy.Stat);
        return true;
    }

    private void Move(TailedFile file, string path, in FileStat stat)
    {
        Unname(file);
        if (stat.Identity != file.Identity)
        {
            _open.Close(file);
        }

        file.MoveTo(path, stat.Identity);
        file.Target = TargetOf(path);
        file.IsRotated = true;
        file.Observe(stat, _time.GetTimestamp());
        file.HasUnread = true;
        _byIdentity[file.Identity] = file;
        Named(path).Add(file);
        if (file.Id != 0)
        {
            _checkpoint.Relocate(file.Id, path, file.Target, file.Identity, isRotated: true);
        }
    }

    /// <summary>The content is nowhere; what was seen of its last event is all that is left.</summary>
    private void Lose(TailedFile file)
    {
        _open.Close(file);
        file.IsVanishing = true;
        bool remembers = file.IsStarted && file.RestLength > 0 && file.RestLength <= file.Rest.Length;
        long unread = file.Now.Size - file.Position - (remembers ? file.RestLength : 0);
        if (unread > 0)
        {
            Log.ContentGone(_logger, file.Path, unread);
        }

        if (!remembers)
        {
            Release(file);
            return;
        }

        file.State = FileState.Remembered;
        file.HasUnread = true;
        file.Now = file.Now with { Size = file.Position + file.RestLength };
        _open.Replace(file, new RememberedContent(file.Position, file.Rest[..file.RestLength]));
        Unname(file);
        DisownIdentity(file);
    }

    private void Release(TailedFile file)
    {
        _open.Close(file);
        Log.Released(_logger, file.Path);
        file.State = FileState.Gone;
        file.HasUnread = false;
        file.ChangedAt = _time.GetTimestamp();
        Unname(file);
        DisownIdentity(file);
    }

    private void Unname(TailedFile file)
    {
        Named(file.Path).Remove(file);
        Unclaim(file);
    }

    private void Unclaim(TailedFile file)
    {
        if (_byIdentity.TryGetValue(file.Identity, out TailedFile? current) && current == file)
        {
            _byIdentity.Remove(file.Identity);
        }
    }

    private void Drop(TailedFile file)
    {
        _open.Close(file);
        Unname(file);
        file.State = FileState.Gone;
        file.HasUnread = false;
    }

    /// <summary>Takes in files that are no source yet.</summary>
    private void Adopt()
    {
        foreach (FoundFile found in _scan.Found)
        {
            // Seconds may lie between the walk and now; a file that was replaced meanwhile is found by the next one.
            if (!_byIdentity.ContainsKey(found.Stat.Identity)
                && _probe.Stat(found.Path) is { IsRegular: true } stat && stat.Identity == found.Stat.Identity)
            {
                Add(found.Group!, found.Path, stat);
            }
        }
    }

    /// <summary>Puts new files with content into the checkpoint, unless they look like copies of others. One write for all.</summary>
    private void StartNew(long now)
    {
        bool save = false;
        foreach (TailedFile file in _files)
        {
            if (file.State is FileState.New && file.Now.Size == 0 && file.Content is null && !FileNames.IsGzip(file.Path))
            {
                // Held open, it is found again after a rename however late its first line comes.
                _open.Get(file);
            }
            else
            {
                EnqueueNew(file);
            }
        }

        while (_new.TryDequeue(out TailedFile? file, out _))
        {
            if (file.State is FileState.New or FileState.Held && file.Now.Size > 0)
            {
                save |= TryStart(file, now);
            }
        }

        foreach (FileGroup group in _firstLook)
        {
            _checkpoint.AddPattern(group.Glob.Pattern);
            save = true;
        }

        _firstLook.Clear();
        if (save)
        {
            Save();
        }
    }

    private void EnqueueNew(TailedFile file)
    {
        if (file.State is FileState.New or FileState.Held && file.Now.Size > 0)
        {
            _new.Enqueue(file, file.Path);
        }
    }

    private void Save()
    {
        try
        {
            _checkpoint.Save();
        }
        catch (IOException)
        {
            // Logged and counted there. Reading goes on: after a crash these files are read again, which beats not at all.
        }
    }

    private bool TryStart(TailedFile file, long now)
    {
        bool startsAtEnd = file.Group.Options.Start == LogStart.End && _firstLook.Contains(file.Group);
        if (FileNames.IsGzip(file.Path) && !startsAtEnd && _time.GetElapsedTime(file.ChangedAt, now) < GzipSettlesAfter)
        {
            // It is probably still being written.
            return false;
        }

        TailedFile? original = null;
        if (!startsAtEnd && !TryFindOriginal(file, out original))
        {
            // An original turned out to be another file by now, which goes first.
            EnqueueNew(file);
            return false;
        }

        if (original is not null)
        {
            if (file.CopyOf != original)
            {
                Log.LooksLikeCopy(_logger, file.Path, original.Path);
            }

            file.CopyOf = original;
            file.State = FileState.Held;
            return false;
        }

        return TryRegister(file, startsAtEnd);
    }

    /// <summary>Looks for the file whose copy this may be. False when that changed what there is to compare with.</summary>
    private bool TryFindOriginal(TailedFile file, out TailedFile? original)
    {
        if (file is { State: FileState.Held, HasUnread: false, CopyOf.IsReadable: true })
        {
            original = file.CopyOf;
            return true;
        }

        file.ReadAtNs = FileProbe.SystemNs();
        file.HasUnread = false;
        foreach (string stem in FileNames.PossibleStems(file.Path))
        {
            if (!_byStem.TryGetValue(stem, out List<TailedFile>? files))
            {
                continue;
            }

            for (int i = 0; i < files.Count; i++)
            {
                original = files[i];
                if (original == file || !original.IsStarted || !FileNames.IsDerived(file.Path, original.Path))
                {
                    continue;
                }

                if (_comparer.IsCopySoFar(file, original))
                {
                    return true;
                }

                // Different from what the original holds now; is that still what it held when it was read?
                if (original.State is FileState.Tailed or FileState.Detached && _open.Get(original) is { } content && !_reader.IsIntact(original, content))
                {
                    Replace(original);
                    return false;
                }
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
        }

        file.CopyOf = null;
        file.HasUnread = true;
        file.LastEventEnd = file.Position;
        file.Id = _checkpoint.NewId();
        _checkpoint.Add(new CheckpointEntry
        {
            Id = file.Id,
            Pattern = file.Group.Glob.Pattern,
            Path = file.Path,
            Target = file.Target,
            Identity = file.Identity,
            IsRotated = file.IsRotated,
            Head = file.Head,
            Mark = file.Mark,
            ModifiedNs = file.Now.ModifiedNs,
            Offset = file.Position,
            Destination = file.Destination,
        });
        Log.Tailing(_logger, file.Path, file.Position, file.Destination.ToString());
        return true;
    }

    private static void MoveToEnd(TailedFile file, SourceContent content, Span<byte> window)
    {
        long size = content is GzipContent gzip && gzip.IsWhole(out long whole) ? whole : content.Stat().Size;
        bool isWide = file.Group.Options.Encoding is LogEncoding.Utf16 or LogEncoding.Utf16BigEndian;
        file.Position = isWide ? size & ~1L : size;
        int back = (int)Math.Min(file.Position, window.Length);
        int read = content.Read(file.Position - back, window[..back]);
        file.Mark = new WindowMark(file.Position, Fingerprint.Of(window[..read]));
    }

    /// <summary>Drops what is gone and accepted, and old rotated files that nothing matches.</summary>
    private void Forget(long now)
    {
        int kept = 0;
        for (int i = 0; i < _files.Count; i++)
        {
            TailedFile file = _files[i];
            if (!MayForget(file, now))
            {
                _files[kept++] = file;
                continue;
            }

            _open.Close(file);
            Unname(file);
            if (file.Id != 0)
            {
                _checkpoint.Remove(file.Id);
            }
        }

        _files.RemoveRange(kept, _files.Count - kept);
    }

    private bool MayForget(TailedFile file, long now)
    {
        if (file.Id == 0)
        {
            return file.State == FileState.Gone;
        }

        bool isAccepted = _checkpoint.CommittedOffset(file.Id) >= file.LastEventEnd;
        if (isAccepted && file.LastEventEnd < file.Position)
        {
            _checkpoint.Skip(file.Id, file.LastEventEnd, file.Position);
        }

        bool isOld = file.State == FileState.Tailed && file.IsRotated && !file.HasUnread && file.RestLength == 0
            && _time.GetElapsedTime(file.ChangedAt, now) >= ForgottenAfter && !file.Group.IsMatch(file.Path);
        return isAccepted && (file.State == FileState.Gone || isOld);
    }

    private FileGroup? GroupOf(string path) => _groups.FirstOrDefault(group => group.IsMatch(path));

    private string? TargetOf(string path) =>
        _probe.IsSymlink(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;
}
