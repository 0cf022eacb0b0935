namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>The lengths of the buckets that are counted in advance, and which of them a view is read from.</summary>
internal static class Rollup
{
    private const long Minute = 60_000;

    /// <summary>A minute, five, an hour: in minutes, the shortest first.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [1, 5, 60];

    /// <summary>The start of the bucket that a moment lies in, in milliseconds since 1970, also before it.</summary>
    public static long Start(long milliseconds, int size)
    {
        long length = size * Minute;
        long rest = milliseconds % length;
        return milliseconds - rest - (rest < 0 ? length : 0);
    }

    /// <summary>The longest size that bars of a length can be added up from.</summary>
    public static int SizeOf(TimeSpan bar)
    {
        long minutes = bar.Ticks / TimeSpan.TicksPerMinute;
        return bar.Ticks % TimeSpan.TicksPerMinute != 0 || minutes < 1
            ? throw new ArgumentOutOfRangeException(nameof(bar), bar, "A bar is a whole number of minutes.")
            : Sizes.Last(size => minutes % size == 0);
    }

    /// <summary>A range cut into parts, each of which is a whole number of buckets of a size: few rows, and all of the range.</summary>
    public static IEnumerable<(int Size, long From, long To)> Parts(TimeRange range)
    {
        long from = Start(range.Since.ToUnixTimeMilliseconds(), 1), to = Start(range.Until.ToUnixTimeMilliseconds() + Minute - 1, 1);
        return Cut(from, to, Sizes.Count - 1);
    }

    private static IEnumerable<(int Size, long From, long To)> Cut(long from, long to, int level)
    {
        if (from >= to)
        {
            yield break;
        }

        int size = Sizes[level];
        long first = Start(from + (size * Minute) - 1, size), last = Start(to, size);
        if (level == 0)
        {
            yield return (size, from, to);
            yield break;
        }

        if (first >= last)
        {
            foreach ((int Size, long From, long To) part in Cut(from, to, level - 1))
            {
                yield return part;
            }

            yield break;
        }

        foreach ((int Size, long From, long To) part in Cut(from, first, level - 1))
        {
            yield return part;
        }

        yield return (size, first, last);
        foreach ((int Size, long From, long To) part in Cut(last, to, level - 1))
        {
            yield return part;
        }
    }
}
