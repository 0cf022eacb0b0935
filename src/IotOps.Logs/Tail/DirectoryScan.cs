using System.IO.Abstractions;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Finds the files of all patterns. Lists a directory again only when its time changed, or the time for a full look came.</summary>
internal sealed class DirectoryScan(IReadOnlyList<FileGroup> groups, IFileSystem fileSystem, FileProbe probe, ILogger logger)
{
    private const int MaxListings = 3;
    private const int MaxUnnameable = 100;

    /// <summary>Links that are named; somebody may make any number of them.</summary>
    private const int MaxRefused = 100;

    private readonly Dictionary<string, WatchedDirectory> _watched = new(StringComparer.Ordinal);
    private readonly List<WatchedDirectory> _watchedInOrder = [];
    private readonly Dictionary<string, List<FoundFile>> _listings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<(string, int, FileGroup)> _visited = [];
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unnameable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private bool _walked;

    /// <summary>The files that match, as the last walk found them.</summary>
    public List<FoundFile> Found { get; } = [];

    /// <summary>Directories whose changes matter, missing ones included.</summary>
    public IEnumerable<string> Directories => _watchedInOrder.Select(static d => d.Path);

    /// <summary>Walks when forced or when a directory changed. True when it did.</summary>
    public bool Update(bool force)
    {
        _listings.Clear();
        if (!force && !_watchedInOrder.Exists(HasChanged))
        {
            return false;
        }

        Walk();
        return true;
    }

    /// <summary>All regular files of a directory, whatever their names.</summary>
    public List<FoundFile> List(string directory)
    {
        if (!_listings.TryGetValue(directory, out List<FoundFile>? files))
        {
            _listings[directory] = files = ListNow(directory);
        }

        return files;
    }

    /// <summary>Forgets what <see cref="List"/> has read in this round.</summary>
    public void ForgetListings() => _listings.Clear();

    private List<FoundFile> ListNow(string directory)
    {
        List<FoundFile> files = [];
        byte[] encoded = FileProbe.Encode(directory);
        for (int i = 0; i < MaxListings; i++)
        {
            // A rename between reading the names and asking for each could hide a file.
            FileStat before = probe.Stat(directory, encoded);
            files.Clear();
            foreach (string path in Names(directory, directories: false))
            {
                FileStat stat = probe.Judge(path, out _);
                if (stat.IsRegular)
                {
                    files.Add(new FoundFile(path, stat, null));
                }
            }

            if (probe.Stat(directory, encoded).ModifiedNs == before.ModifiedNs)
            {
                break;
            }
        }

        return files;
    }

    private bool HasChanged(WatchedDirectory directory)
    {
        long modified = probe.Stat(directory.Path, directory.Encoded).ModifiedNs;
        return modified != directory.ModifiedNs || !directory.IsSettled;
    }

    private void Walk()
    {
        Found.Clear();
        _seen.Clear();
        _visited.Clear();
        _watched.Clear();
        _watchedInOrder.Clear();
        foreach (FileGroup group in groups)
        {
            probe.JudgeWhole(group.Pattern.Root, out string? refusal);
            if (!IsRefused(group.Pattern.Root, refusal))
            {
                Walk(group, group.Pattern.Root, 0);
            }
        }

        // Once, at the start: a slip in a pattern looks like a device that has nothing to say.
        foreach (FileGroup group in _walked ? [] : groups)
        {
            if (!Found.Exists(found => found.Group == group))
            {
                Log.NoMatch(logger, group.Pattern.Text);
            }
        }

        _walked = true;
    }

    private void Walk(FileGroup group, string directory, int depth)
    {
        if (!_visited.Add((directory, depth, group)))
        {
            return;
        }

        Watch(directory);
        string segment = group.Pattern.Segments[depth];
        bool isLast = depth == group.Pattern.Segments.Count - 1;
        if (PathPattern.IsAnyDepth(segment))
        {
            Walk(group, directory, depth + 1);
            foreach (string path in Names(directory, directories: true))
            {
                // Links are not followed here: this is where they could lead in a circle.
                if (Path.GetFileName(path.AsSpan()) is not ['.', ..] && !probe.IsSymlink(path))
                {
                    Walk(group, path, depth);
                }
            }
        }
        else if (!PathPattern.IsPattern(segment))
        {
            string path = Path.Combine(directory, segment);
            if (isLast)
            {
                Find(group, path);
            }
            else
            {
                WalkJudged(group, path, depth + 1);
            }
        }
        else
        {
            foreach (string path in Names(directory, directories: !isLast))
            {
                if (!PathPattern.IsNameMatch(segment, Path.GetFileName(path.AsSpan())))
                {
                    continue;
                }

                if (isLast)
                {
                    Find(group, path);
                }
                else
                {
                    WalkJudged(group, path, depth + 1);
                }
            }
        }
    }

    private void WalkJudged(FileGroup group, string directory, int depth)
    {
        probe.Judge(directory, out string? refusal);
        if (!IsRefused(directory, refusal))
        {
            Walk(group, directory, depth);
        }
    }

    /// <summary>A refused link is named once, and again when it was followed in between.</summary>
    private bool IsRefused(string path, string? refusal)
    {
        if (refusal is null)
        {
            _refused.Remove(path);
            return false;
        }

        if (_refused.Count < MaxRefused && _refused.Add(path))
        {
            Log.LinkRefused(logger, path, refusal);
        }

        return true;
    }

    private void Find(FileGroup group, string path)
    {
        if (!group.IsExcluded(path) && _seen.Add(path))
        {
            FileStat stat = probe.Judge(path, out string? refusal);
            if (IsRefused(path, refusal))
            {
                return;
            }

            if (stat.IsRegular)
            {
                Found.Add(new FoundFile(path, stat, group));
            }
            else if (stat.Kind == FileKind.Missing && path.Contains('\uFFFD') && _unnameable.Count < MaxUnnameable && _unnameable.Add(path))
            {
                // .NET makes U+FFFD of bytes that are no UTF-8, and nothing leads back to the file.
                Log.NameNotUtf8(logger, path);
            }
        }
    }

    private void Watch(string path)
    {
        if (_watched.ContainsKey(path))
        {
            return;
        }

        byte[] encoded = FileProbe.Encode(path);
        long modified = probe.Stat(path, encoded).ModifiedNs;

        // A time that is fresh may hide a change that follows within the same tick of the file system's clock.
        var watched = new WatchedDirectory(path, encoded, modified, !FileProbe.IsFresh(modified, FileProbe.SystemNs()));
        _watched.Add(path, watched);
        _watchedInOrder.Add(watched);
    }

    private List<string> Names(string directory, bool directories)
    {
        try
        {
            List<string> names = directories
                ? [.. fileSystem.Directory.EnumerateDirectories(directory)]
                : [.. fileSystem.Directory.EnumerateFiles(directory)];
            _unreadable.Remove(directory);
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_unreadable.Add(directory))
            {
                Log.CannotList(logger, directory, e.Message);
            }

            return [];
        }
    }

    private sealed record WatchedDirectory(string Path, byte[] Encoded, long ModifiedNs, bool IsSettled);
}
