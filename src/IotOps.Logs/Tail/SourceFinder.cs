using IotOps.Logs.Files;

namespace IotOps.Logs.Tail;

/// <summary>Finds where a source's content is when it is not under its path: the same file under another name, or a copy.</summary>
internal sealed class SourceFinder(SourceTable sources, DirectoryScan scan, FileProbe probe, ContentComparer comparer)
{
    /// <summary>The name that leads to the source's inode now, in the directories that match and beside the old name.</summary>
    public FoundFile? FindByIdentity(TailedFile file)
    {
        foreach (FoundFile found in scan.Found)
        {
            if (found.Stat.Identity == file.Identity && probe.Stat(found.Path) is { IsRegular: true } stat && stat.Identity == file.Identity)
            {
                return found with { Stat = stat };
            }
        }

        foreach (string directory in Neighbourhood(file))
        {
            foreach (FoundFile found in scan.List(directory))
            {
                if (found.Stat.Identity == file.Identity)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>The newest file beside the source that holds what the source held, and is no source itself.</summary>
    /// <param name="file">The source.</param>
    /// <param name="isUncertain">A file that may be it cannot be read now.</param>
    public FoundFile? FindCopy(TailedFile file, out bool isUncertain)
    {
        isUncertain = false;
        FoundFile? best = null;
        foreach (string directory in Neighbourhood(file))
        {
            foreach (FoundFile found in scan.List(directory))
            {
                bool isNewer = best is null || found.Stat.ModifiedNs > best.Value.Stat.ModifiedNs;
                bool mayBe = isNewer && found.Stat.Identity != file.Identity && !IsOfAnother(found);
                bool? holds = mayBe ? comparer.HoldsContentOf(file, found.Path, found.Stat) : false;
                isUncertain |= holds is null;
                best = holds == true ? found : best;
            }
        }

        return best;
    }

    /// <summary>
    /// Files that had a name after this one, and lost it again before anyone looked: they are under rotated names now that no pattern may
    /// match. They were born after this file, and written after this one was.
    /// </summary>
    public IEnumerable<FoundFile> GenerationsSince(TailedFile file, string path)
    {
        if (!file.IsStarted || !file.Group.IsMatch(path) || file.Now.BornNs == 0)
        {
            yield break;
        }

        foreach (FoundFile found in scan.List(Path.GetDirectoryName(path)!))
        {
            if (found.Stat.BornNs > file.Now.BornNs
                && found.Stat.ModifiedNs >= file.Now.ModifiedNs
                && sources.Find(found.Stat.Identity) is null
                && !FileNames.IsGzip(found.Path)
                && FileNames.IsDerived(found.Path, path)
                && !file.Group.IsMatch(found.Path)
                && !file.Group.IsExcluded(found.Path))
            {
                yield return found;
            }
        }
    }

    /// <summary>
    /// True when a source that is read has this file. One that is not open may have lost its inode to the copy: logrotate removes the
    /// oldest generation just before it copies.
    /// </summary>
    private bool IsOfAnother(in FoundFile found)
    {
        if (sources.Find(found.Stat.Identity) is not { IsStarted: true } other)
        {
            return false;
        }

        try
        {
            return other.Content is not null || comparer.IsIntact(other, found);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            return true;
        }
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
}
