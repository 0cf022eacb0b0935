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
    private readonly SourceFinder _finder;
    private readonly SourceStarter _starter;
    private readonly List<TailedFile> _displaced = [];
    private long? _lastFullScan;

    public FileTracker(
        IReadOnlyList<FileGroup> groups, DirectoryScan scan, OpenFiles open, FileProbe probe, EventReader reader,
        CheckpointStore checkpoint, TimeProvider time, ILogger logger)
    {
        (_groups, _scan, _open, _probe, _reader, _checkpoint, _time, _logger) = (groups, scan, open, probe, reader, checkpoint, time, logger);
        _comparer = new ContentComparer(open);
        _finder = new SourceFinder(_sources, scan, probe, _comparer);
        _starter = new SourceStarter(groups, _sources, open, _comparer, reader, checkpoint, time, logger);

        foreach (CheckpointEntry entry in checkpoint.Entries)
        {
            Restore(entry);
        }
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
        _starter.StartNew(Replace);
        _sources.Forget(file => MayForget(file, now));
        return walked;
    }

    /// <summary>A file's content is not the one that was read: its old content is elsewhere or gone, and the new one is a new source.</summary>
    public void OnBroken(TailedFile file)
    {
        Replace(file);
        _starter.StartNew(Replace);
    }

    private void Replace(TailedFile file)
    {
        string path = file.Path;
        FileIdentity identity = file.Identity;
        FileStat stat = _probe.Stat(path, file.EncodedPath);
        _open.Close(file);
        _scan.ForgetListings();
        _sources.Unclaim(file);
        if (!TryMoveToCopy(file))
        {
            Lose(file);
        }

        if (stat.IsRegular && stat.Identity == identity && _sources.Find(identity) is null && GroupOf(path) is { } group)
        {
            TailedFile fresh = Add(group, path, stat);
            fresh.IsTruncated = true;
            _starter.Enqueue(fresh);
        }
    }

    /// <summary>No more will come: an unfinished last line is an event.</summary>
    public bool IsFinal(TailedFile file, long now) =>
        file.State == FileState.Remembered
        || ((file.State == FileState.Detached || file.IsRotated || file.IsGzip) && _time.GetElapsedTime(file.ChangedAt, now) >= FinalAfter);

    private void Restore(CheckpointEntry entry)
    {
        FileGroup? group = _groups.FirstOrDefault(g => g.Pattern.Text == entry.Pattern);
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
        _sources.Add(file);
    }

    private TailedFile Add(FileGroup group, string path, in FileStat stat)
    {
        var file = new TailedFile(group, path, stat, group.Destination(path, _time.GetUtcNow()))
        {
            ChangedAt = _time.GetTimestamp(),
            Target = TargetOf(path),
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
            Move(file, found.Path, found.Stat);
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
            Move(file, found.Path, found.Stat);
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
        if (_finder.FindCopy(file) is not { } copy)
        {
            return false;
        }

        if (_sources.Find(copy.Stat.Identity) is { } held)
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
        if (stat.Identity != file.Identity)
        {
            _open.Close(file);
        }

        _sources.Rename(file, path, stat.Identity);
        file.Target = TargetOf(path);
        file.IsRotated = true;
        file.Observe(stat, _time.GetTimestamp());
        file.HasUnread = true;
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
        _sources.Unname(file);
        DisownIdentity(file);
    }

    private void Release(TailedFile file)
    {
        _open.Close(file);
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
        if (!isAccepted || (file.State != FileState.Gone && !isOld))
        {
            return false;
        }

        _open.Close(file);
        _checkpoint.Remove(file.Id);
        return true;
    }

    private FileGroup? GroupOf(string path) => _groups.FirstOrDefault(group => group.IsMatch(path));

    private string? TargetOf(string path) =>
        _probe.IsSymlink(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;
}
