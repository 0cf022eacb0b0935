using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>
/// Sources that are not where they were: a mount that comes late, a directory moved away, an entry taken out of the configuration.
/// Not there is not gone: their positions are kept for a while, and a file that holds what was read of one goes on as it.
/// </summary>
internal sealed class AbsentSources(
    SourceTable sources, FileProbe probe, ContentComparer comparer, CheckpointStore checkpoint, TimeSpan keep, TimeProvider time, ILogger logger)
{
    /// <summary>Absent sources that are remembered at once; of more, those known for longest go first.</summary>
    public const int MaxCount = 10_000;

    /// <summary>Before this a device has not been told the time.</summary>
    private static readonly long FirstPlausibleMs = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private int _surplus;
    private bool _isChanged;

    /// <summary>Days that a position is kept.</summary>
    public double Days => keep.TotalDays;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Keeps a source's position while its file is not there.</summary>
    public void Put(TailedFile file)
    {
        file.State = FileState.Absent;
        file.HasUnread = false;
        file.IsFaulty = false;
        file.IsVanishing = true;
        file.Now = default;
        sources.SetAside(file);
        if (file.AbsentSinceMs == 0)
        {
            SetSince(file, NowMs);
            if (file.IsSelected)
            {
                Log.Absent(logger, file.Path, file.Position, Days);
            }
        }
    }

    /// <summary>The file under an absent source's path, when it holds what was read of the source and is no other's.</summary>
    public FileStat? FindAtPath(TailedFile file)
    {
        FileStat stat = probe.Stat(file.Path, file.EncodedPath);
        if (!stat.IsRegular || stat.SameState(file.Now) || sources.Find(stat.Identity) is { IsStarted: true })
        {
            return null;
        }

        bool? holds = comparer.HoldsContentOf(file, file.Path, stat);

        // Compared once for each state of the file; one that could not be read, again.
        file.Now = holds is null ? default : stat;
        return holds == true ? stat : null;
    }

    /// <summary>
    /// The source whose file a new one is: the same inode, the same path, or a name that rotation made of it, and what was read of the
    /// source at the same place.
    /// </summary>
    /// <param name="file">A file not read yet.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="mayBecome">It holds so far the beginning of what was read of a source with its path, as while a file is put back.</param>
    public TailedFile? SourceOf(TailedFile file, SourceContent content, out bool mayBecome)
    {
        mayBecome = false;
        TailedFile? best = sources.FindAside(file.Identity) is { } same && comparer.IsSame(same, content, isStrongOnly: false) ? same : null;
        foreach (TailedFile candidate in sources.At(file.Path))
        {
            if (candidate == file || !IsAway(candidate) || candidate.Position < best?.Position)
            {
                continue;
            }

            if (comparer.IsSame(candidate, content, isStrongOnly: false))
            {
                best = candidate;
            }
            else
            {
                mayBecome |= comparer.IsStartOfKnown(candidate, content);
            }
        }

        if (best is null)
        {
            foreach (TailedFile candidate in sources.OriginalsOf(file.Path))
            {
                if (candidate.State == FileState.Absent && comparer.IsSame(candidate, content, isStrongOnly: !candidate.MayHaveCopy))
                {
                    best = candidate;
                }
            }
        }

        return best;
    }

    /// <summary>A source has its file again.</summary>
    public void Take(TailedFile file)
    {
        sources.TakeBack(file);
        if (file.AbsentSinceMs != 0)
        {
            SetSince(file, 0);
            Log.Back(logger, file.Path, file.Position);
        }
    }

    /// <summary>Puts on the disk since when sources are absent, and which are back.</summary>
    public void Save()
    {
        if (!_isChanged)
        {
            return;
        }

        _isChanged = false;
        try
        {
            checkpoint.Save();
        }
        catch (IOException)
        {
            // Logged and counted there, and written with the next change.
        }
    }

    /// <summary>Counts, before sources are forgotten.</summary>
    public void Count(ReadOnlySpan<TailedFile> files)
    {
        int count = 0;
        foreach (TailedFile file in files)
        {
            count += file.State == FileState.Absent ? 1 : 0;
        }

        _surplus = count - MaxCount;
    }

    /// <summary>True when an absent source's time is over, or there are too many.</summary>
    public bool IsExpired(TailedFile file)
    {
        if (_surplus > 0)
        {
            _surplus--;
            return true;
        }

        long now = NowMs;
        if (file.AbsentSinceMs < FirstPlausibleMs && now >= FirstPlausibleMs)
        {
            // The clock was set meanwhile: years have not passed.
            SetSince(file, now);
        }

        bool isExpired = now - file.AbsentSinceMs >= keep.TotalMilliseconds;
        if (isExpired)
        {
            Log.Expired(logger, file.Path, Days);
        }

        return isExpired;
    }

    private static bool IsAway(TailedFile file) =>
        file.State is FileState.Absent or FileState.Detached || (file.State == FileState.Remembered && !file.IsDestroyed) || (file.State == FileState.Tailed && file.Missing > 0);

    private void SetSince(TailedFile file, long ms)
    {
        file.AbsentSinceMs = ms;
        _isChanged = true;
        checkpoint.SetAbsent(file.Id, ms);
    }
}
