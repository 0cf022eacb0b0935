using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Knows every file that is a source: finds new ones, and follows each through renames, copies, truncation and deletion.</summary>
internal sealed class FileTracker
{
    /// <summary>A file whose name is another's by now ends, its last line unfinished or not, when it has not grown for this long.</summary>
    public static readonly TimeSpan FinalAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MovedAwayAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);
    private const int CopyRetrySeconds = 5;

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
    private readonly SourceTable _sources = new();
    private readonly AbsentSources _absent;
    private readonly SourceFinder _finder;
    private readonly SourceStarter _starter;
    private readonly List<TailedFile> _displaced = [];
    private readonly Action<TailedFile, long> _look;
    private readonly Action<TailedFile, long> _resolve;
    private long? _lastFullScan;

    public FileTracker(
        IReadOnlyList<FileGroup> groups, DirectoryScan scan, OpenFiles open, FileProbe probe, EventReader reader,
        CheckpointStore checkpoint, TimeSpan keepPositions, TimeProvider time, ILogger logger)
    {
        (_groups, _scan, _open, _probe, _reader, _checkpoint, _time, _logger) = (groups, scan, open, probe, reader, checkpoint, time, logger);
        _comparer = new ContentComparer(open);
        _finder = new SourceFinder(_sources, scan, probe, _comparer);
        (_look, _resolve) = (Look, (displaced, _) => Resolve(displaced));
        _absent = new AbsentSources(_sources, probe, _comparer, checkpoint, keepPositions, time, logger);
        _starter = new SourceStarter(groups, _sources, _absent, open, _comparer, reader, checkpoint, time, logger);
        new SourceRestorer(groups, _sources, _absent, checkpoint, time, logger).Restore();
    }

    public ReadOnlySpan<TailedFile> Files => _sources.Files;

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
        foreach (TailedFile file in _sources.Files)
        {
            Safely(file, now, _look);
        }

        foreach (TailedFile file in _displaced)
        {
            // A held copy that its original went on in, a moment ago in this loop, is not to be found again for itself.
            if (file.State != FileState.Gone)
            {
                Safely(file, now, _resolve);
            }
        }

        if (walked || _displaced.Count > 0)
        {
            Adopt();
        }

        _displaced.Clear();
        _starter.StartNew(Replace, Resume);
        _absent.Count(_sources.Files);
        _sources.Forget(file => MayForget(file, now));
        _absent.Save();
        return walked;
    }

    /// <summary>A file's content is not the one that was read: its old content is elsewhere or gone, and the new one is a new source.</summary>
    public void OnBroken(TailedFile file)
    {
        Replace(file);
        _starter.StartNew(Replace, Resume);
    }

    /// <summary>What the disk refuses of one file is that file's matter: it is told, and tried again.</summary>
    private void Safely(TailedFile file, long now, Action<TailedFile, long> step)
    {
        try
        {
            step(file, now);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            _open.Fail(file, e.Message);
            if (file.State == FileState.Detached && _time.GetElapsedTime(file.ChangedAt, now) >= ForgottenAfter)
            {
                // A handle that NFS has made stale never works again.
                Release(file);
            }
        }
    }

    /// <summary>A new file is a source's own, come back: restored, replaced by its like, mounted at last.</summary>
    private void Resume(TailedFile source, TailedFile file)
    {
        FileGroup group = file.Group;
        string path = file.Path;
        FileStat stat = file.Now;
        bool isRotated = source.IsRotated && source.Path == path;
        Drop(file);
        if (!source.IsSelected)
        {
            source.Assign(group, path);
            _checkpoint.Assign(source.Id, group.Pattern.Text, source.FoundAs, source.FirstSeen.ToUnixTimeMilliseconds(), source.Destination);
        }

        ComeBack(source, path, stat, isRotated);
    }

    private void ComeBack(TailedFile source, string path, in FileStat stat, bool isRotated)
    {
        _open.Close(source);
        _absent.Take(source);
        source.State = FileState.Tailed;
        source.IsConfirmed = true;
        source.IsDestroyed = false;
        source.IsVanishing = false;
        source.MayHaveCopy = false;
        Move(source, path, stat, isRotated);
    }

    private void Replace(TailedFile file)
    {
        string path = file.Path;
        FileIdentity identity = file.Identity;
        FileStat stat = _probe.Stat(path, file.EncodedPath);
        _open.Close(file);
        _scan.ForgetListings();
        _sources.Unclaim(file);
        file.IsDestroyed = true;
        if (!TryMoveToCopy(file))
        {
            Lose(file);
        }

        if (stat.IsRegular && stat.Identity == identity && _sources.Find(identity) is null && GroupOf(path) is { } group)
        {
            _starter.Enqueue(Add(group, path, stat));
        }
    }

    /// <summary>No more will come: an unfinished last line is an event.</summary>
    public bool IsFinal(TailedFile file, long now) =>
        file.State == FileState.Remembered
        || ((file.State == FileState.Detached || file.IsRotated || file.IsGzip) && _time.GetElapsedTime(file.ChangedAt, now) >= FinalAfter);

    private TailedFile Add(FileGroup group, string path, in FileStat stat)
    {
        var file = new TailedFile(group, path, stat, path, _time.GetUtcNow())
        {
            ChangedAt = _time.GetTimestamp(),
            Target = _probe.LinkTarget(path),
        };
        _sources.Add(file);
        return file;
    }

    private void Look(TailedFile file, long now)
    {
        switch (file.State)
        {
            case FileState.New or FileState.Held or FileState.Tailed:
                FileStat stat = _probe.Stat(file.Path, file.EncodedPath);
                if (stat.Kind == FileKind.Unknown)
                {
                    throw new IOException("The system does not tell about it.");
                }

                if (stat.IsRegular && stat.Identity == file.Identity && !file.IsConfirmed && !_open.MayTry(file))
                {
                    break;
                }

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
                if (_probe.Stat(file.Path, file.EncodedPath) is { IsRegular: true } back && back.Identity == file.Identity)
                {
                    // The directory was away, not the file.
                    file.State = FileState.Tailed;
                    file.Observe(back, now);
                    break;
                }

                file.Observe(file.Content!.Stat(), now);
                file.HasUnread |= file.IsFaulty;
                file.IsDestroyed = file.Now.Links == 0;
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

            case FileState.Absent when file.IsSelected:
                LookForAbsent(file);
                break;
        }
    }

    private void LookForAbsent(TailedFile file)
    {
        if (_absent.FindAtPath(file) is { } stat)
        {
            if (_sources.Find(stat.Identity) is { } held)
            {
                Drop(held);
            }

            ComeBack(file, file.Path, stat, file.IsRotated);
        }
        else if (file.MayHaveCopy && _time.GetTimestamp() >= file.RetryAt && !TryMoveToCopy(file) && !file.MayHaveCopy)
        {
            Lose(file);
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
        if (file.AbsentSinceMs != 0)
        {
            _absent.Take(file);
        }

        _sources.Claim(file);
        return true;
    }

    private void DisownIdentity(TailedFile file)
    {
        _sources.Unclaim(file);
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

        if (file.Identity != default && _finder.FindByIdentity(file) is { } found && IsSameFile(file, found))
        {
            Log.Moved(_logger, file.Path, found.Path, file.Position);
            string path = file.Path;
            Move(file, found.Path, found.Stat, isRotated: true);
            foreach (FoundFile generation in _finder.GenerationsSince(file, path))
            {
                Add(file.Group, generation.Path, generation.Stat).IsRotated = true;
            }

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

        _sources.Unclaim(file);
        if (!TryMoveToCopy(file))
        {
            Lose(file);
        }
    }

    /// <summary>Nothing was read of it, and its inode may be another file's by now: unless it is the same and matches, it is looked at anew.</summary>
    private void ResolveUnread(TailedFile file)
    {
        if (_finder.FindByIdentity(file) is { } found && found.Stat.Size == file.Now.Size && found.Stat.ModifiedNs == file.Now.ModifiedNs
            && file.Group.IsMatch(found.Path))
        {
            Move(file, found.Path, found.Stat, isRotated: true);
            return;
        }

        Drop(file);
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

    private bool TryMoveToCopy(TailedFile file)
    {
        FoundFile? found = _finder.FindCopy(file, out bool isUncertain);
        file.MayHaveCopy = found is null && isUncertain;
        if (found is not { } copy)
        {
            file.RetryAt = _time.GetTimestamp() + (CopyRetrySeconds * _time.TimestampFrequency);
            return false;
        }

        switch (_sources.Find(copy.Stat.Identity))
        {
            case { IsStarted: true } removed:
                DisownIdentity(removed);
                break;
            case { } held:
                Drop(held);
                break;
        }

        Log.Moved(_logger, file.Path, copy.Path, file.Position);
        ComeBack(file, copy.Path, copy.Stat, isRotated: true);
        return true;
    }

    private void Move(TailedFile file, string path, in FileStat stat, bool isRotated)
    {
        if (stat.Identity != file.Identity)
        {
            _open.Close(file);
        }

        _sources.Rename(file, path, stat.Identity);
        file.Target = _probe.LinkTarget(path);
        file.IsRotated = isRotated;
        file.Observe(stat, _time.GetTimestamp());
        file.HasUnread = true;
        if (file.Id != 0)
        {
            _checkpoint.Relocate(file.Id, path, file.Target, file.Identity, isRotated);
        }
    }

    /// <summary>The content is nowhere; what was seen of its last event is all that is left.</summary>
    private void Lose(TailedFile file)
    {
        _open.Close(file);
        file.IsVanishing = true;
        if (file.MayHaveCopy)
        {
            // It is read on when the file beside it can be, and lost when that turns out to be another.
            _absent.Put(file);
            return;
        }

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
        if (file.IsDestroyed)
        {
            _sources.Unname(file);
            DisownIdentity(file);
        }
        else
        {
            _sources.Unclaim(file);
        }
    }

    private void Release(TailedFile file)
    {
        _open.Close(file);
        if (!file.IsDestroyed)
        {
            _absent.Put(file);
            return;
        }

        Log.Released(_logger, file.Path);
        file.State = FileState.Gone;
        file.HasUnread = false;
        file.ChangedAt = _time.GetTimestamp();
        _sources.Unname(file);
        DisownIdentity(file);
    }

    private void Drop(TailedFile file)
    {
        _open.Close(file);
        _sources.Unname(file);
        file.State = FileState.Gone;
        file.HasUnread = false;
    }

    /// <summary>Takes in files that are no source yet.</summary>
    private void Adopt()
    {
        foreach (FoundFile found in _scan.Found)
        {
            // Seconds may lie between the walk and now; a file that was replaced meanwhile is found by the next one.
            if (_sources.Find(found.Stat.Identity) is null
                && _probe.Stat(found.Path) is { IsRegular: true } stat && stat.Identity == found.Stat.Identity)
            {
                Add(found.Group!, found.Path, stat);
            }
        }
    }

    /// <summary>What is gone and accepted may go, and old rotated files that nothing matches.</summary>
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
        if (!isAccepted || (file.State != FileState.Gone && !isOld && !(file.State == FileState.Absent && _absent.IsExpired(file))))
        {
            return false;
        }

        _open.Close(file);
        _checkpoint.Remove(file.Id);
        return true;
    }

    private FileGroup? GroupOf(string path) => _groups.FirstOrDefault(group => group.IsMatch(path));
}
