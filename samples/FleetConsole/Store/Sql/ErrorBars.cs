using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Puts a chart together: series, what is expected, surges. The hour before the range is read too, for what is expected of its beginning.</summary>
internal sealed class ErrorBars
{
    private const int MostSeries = 5;

    private readonly long _from;
    private readonly long _length;
    private readonly Dictionary<string, long[]> _series = new(StringComparer.Ordinal);

    private ErrorBars(long from, long to, long readFrom, long length) => (_from, To, ReadFrom, _length) = (from, to, readFrom, length);

    /// <summary>The first moment that is read.</summary>
    public long ReadFrom { get; }

    /// <summary>The first moment behind the last bar.</summary>
    public long To { get; }

    private int Count => (int)((To - ReadFrom) / _length);

    public static ErrorBars Of(ErrorQuery query)
    {
        long length = (long)query.Bucket.TotalMilliseconds, minutes = length / 60_000;
        long from = Rollup.Start(query.Range.Since.ToUnixTimeMilliseconds(), (int)minutes), end = query.Range.Until.ToUnixTimeMilliseconds();
        long to = Rollup.Start(end + length - 1, (int)minutes);
        return new ErrorBars(from, Math.Max(to, from + length), from - (Math.Max(3, 60 / minutes) * length), length);
    }

    public void Add(long start, string type, long errors)
    {
        if (!_series.TryGetValue(type, out long[]? counts))
        {
            _series.Add(type, counts = new long[Count]);
        }

        counts[(start - ReadFrom) / _length] += errors;
    }

    public ErrorChart Chart()
    {
        int before = (int)((_from - ReadFrom) / _length);
        string[] ranked = [.. _series.OrderByDescending(one => one.Value.Skip(before).Sum()).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Key)];
        string[] named = ranked.Length > MostSeries ? [.. ranked.Take(MostSeries - 1)] : ranked;
        long[] totals = [.. Enumerable.Range(0, Count).Select(i => _series.Values.Sum(counts => counts[i]))];

        // Before the first error that is known there is nothing to compare with: zeros of a store that was empty are no usual hour.
        int first = Math.Max(0, Array.FindIndex(totals, errors => errors > 0));
        ErrorBucket[] buckets = [.. totals.Select((errors, i) => new ErrorBucket(Start(i), errors, IsOpen: false)).Skip(first)];
        TimeSpan length = TimeSpan.FromMilliseconds(_length);
        IReadOnlyList<ErrorSurge> all = ErrorSurge.Find(buckets, length, out IReadOnlyList<double?> expected, Reason);
        ErrorSurge[] surges = [.. all.Where(surge => surge.End > Start(before))];
        List<ErrorBar> bars = new(Count - before);
        for (int i = before; i < Count; i++)
        {
            long[] counts = [.. named.Select(type => _series[type][i])];
            long rest = totals[i] - counts.Sum();
            DateTimeOffset start = Start(i);
            bars.Add(new ErrorBar(start, ranked.Length > MostSeries ? [.. counts, rest] : counts, i < first ? null : expected[i - first], surges.Any(surge => surge.Start <= start && start < surge.End)));
        }

        return new ErrorChart(ranked.Length > MostSeries ? [.. named, ErrorChart.Other] : named, bars, surges);
    }

    private DateTimeOffset Start(int bar) => DateTimeOffset.FromUnixTimeMilliseconds(ReadFrom + (bar * _length));

    // The event type that has most more than before.
    private string Reason(DateTimeOffset usualFrom, DateTimeOffset start, DateTimeOffset end)
    {
        double share = (end - start) / (start - usualFrom);
        (string type, long errors, double usual) = _series
            .Select(one => (one.Key, Errors: Sum(one.Value, start, end), Usual: share * Sum(one.Value, usualFrom, start)))
            .MaxBy(one => one.Errors - one.Usual);
        return $"{type}: {errors} instead of {usual:0.#}{(usual == 0 ? ", new" : "")}";
    }

    private long Sum(long[] counts, DateTimeOffset from, DateTimeOffset to) => counts.Where((_, i) => Start(i) >= from && Start(i) < to).Sum();
}
