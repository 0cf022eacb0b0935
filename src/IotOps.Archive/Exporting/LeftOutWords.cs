namespace IotOps.Archive.Exporting;

/// <summary>Says what an export left out, and why.</summary>
internal static class LeftOutWords
{
    private const int MostReasons = 4;

    /// <summary>A sentence; null when nothing was.</summary>
    public static string? Of(long objects, IReadOnlyList<SkippedLogObject> named, IReadOnlyList<UnreadableLogRecords> unreadable)
    {
        string skipped = objects == 0 ? "" : $"{Words.Count(objects, "object was", "objects were")} left out ({Reasons(objects, named)})";
        string broken = unreadable.Count == 0 ? "" : Broken(unreadable);
        return (skipped, broken) switch
        {
            ("", "") => null,
            (_, "") => $"{skipped}.",
            ("", _) => $"{broken}.",
            _ => $"{skipped}, and {broken}.",
        };
    }

    private static string Reasons(long objects, IReadOnlyList<SkippedLogObject> named)
    {
        // What stands behind the colon is about one object.
        (string Reason, int Count)[] reasons =
        [
            .. named.GroupBy(o => o.Reason.Split(':', 2)[0], StringComparer.Ordinal).Select(same => (same.Key, same.Count())).OrderByDescending(r => r.Item2),
        ];
        if (reasons.Length == 1)
        {
            return reasons[0].Reason;
        }

        string more = reasons.Length > MostReasons ? ", and more" : "";
        return string.Join(", ", reasons.Take(MostReasons).Select(r => named.Count == objects ? $"{r.Count} {r.Reason}" : r.Reason)) + more;
    }

    private static string Broken(IReadOnlyList<UnreadableLogRecords> unreadable)
    {
        string count = Words.Count(unreadable.Sum(u => u.Records), "record", "records");
        string bytes = Words.Count(unreadable.Sum(u => u.Bytes), "byte", "bytes");
        string reasons = unreadable.Count == 1
            ? unreadable[0].Reason
            : string.Join(", ", unreadable.OrderByDescending(u => u.Records).Select(u => Words.Count(u.Records, u.Reason, u.Reason)));
        return $"{count} of {bytes} could not be read ({reasons})";
    }
}
