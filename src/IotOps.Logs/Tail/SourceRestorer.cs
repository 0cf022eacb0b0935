using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tail;

/// <summary>Makes sources of what the checkpoint remembers: positions are the files', patterns and destinations the configuration's.</summary>
internal sealed class SourceRestorer(
    IReadOnlyList<FileGroup> groups, SourceTable sources, AbsentSources absent, CheckpointStore checkpoint, TimeProvider time, ILogger logger)
{
    public void Restore()
    {
        foreach (CheckpointEntry entry in checkpoint.Entries)
        {
            // The journal's has no path.
            if (entry.Path.Length > 0)
            {
                Restore(entry);
            }
        }
    }

    private void Restore(CheckpointEntry entry)
    {
        // An entry that was written before these were kept knows neither.
        string foundAs = entry.FoundAs ?? entry.Path;
        long firstSeenMs = entry.FoundAs is null ? entry.ModifiedNs / 1_000_000 : entry.FirstSeenMs;
        FileGroup? group = GroupOf(foundAs) ?? GroupOf(entry.Path) ?? groups.FirstOrDefault(g => g.Pattern.Text == entry.Pattern);
        var stat = new FileStat(FileKind.Regular, entry.Identity, 0, entry.ModifiedNs, 0, 1);
        var file = new TailedFile(group ?? groups[0], entry.Path, stat, foundAs, DateTimeOffset.FromUnixTimeMilliseconds(firstSeenMs))
        {
            Id = entry.Id,
            State = FileState.Tailed,
            IsConfirmed = false,
            IsSelected = group is not null,
            Target = entry.Target,
            IsRotated = entry.IsRotated,
            Position = entry.Offset,
            LastEventEnd = entry.Offset,
            LastTimestamp = group?.Timestamps is null ? TailedEvent.NoTimestamp : entry.Time ?? TailedEvent.NoTimestamp,
            Head = entry.Head,
            Mark = entry.Mark,
            ChangedAt = time.GetTimestamp(),
            AbsentSinceMs = entry.AbsentSinceMs,
        };
        sources.Add(file);
        if (group is null)
        {
            if (entry.AbsentSinceMs == 0)
            {
                Log.PatternGone(logger, entry.Path, entry.Pattern, absent.Days);
            }

            absent.Put(file);
            return;
        }

        Direct(file, entry);
    }

    private void Direct(TailedFile file, CheckpointEntry entry)
    {
        if (entry.FoundAs is null && entry.IsRotated)
        {
            // Its first name is not known, only what was made of it.
            file.Destination = entry.Destination;
            return;
        }

        if (file.Destination != entry.Destination && !file.Group.IsDated)
        {
            Log.Redirected(logger, file.Path, entry.Destination.ToString(), file.Destination.ToString(), file.Position);
        }

        checkpoint.Assign(file.Id, file.Group.Pattern.Text, file.FoundAs, file.FirstSeen.ToUnixTimeMilliseconds(), file.Destination);
    }

    private FileGroup? GroupOf(string path) => groups.FirstOrDefault(group => group.IsMatch(path));
}
