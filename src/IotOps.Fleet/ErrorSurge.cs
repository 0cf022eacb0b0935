using IotOps.Fleet.Connectivity;

namespace IotOps.Fleet;

/// <summary>A stretch of time with far more errors than before it.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment behind it.</param>
/// <param name="Errors">Errors in it.</param>
/// <param name="Expected">Errors that the hour before lets expect.</param>
/// <param name="Reason">The group that grew most, and by how much.</param>
public sealed record ErrorSurge(DateTimeOffset Start, DateTimeOffset End, long Errors, double Expected, string Reason)
{
    private const int MinErrors = 10;
    private const double Factor = 2;
    private const double MaxProbability = 1e-6;
    private static readonly TimeSpan Baseline = TimeSpan.FromHours(1);

    /// <summary>
    /// Finds where errors surged: a bucket with twice as many as one of the hour before had on average, ten at least, and with less than one in a million
    /// by chance.
    /// </summary>
    /// <param name="buckets">Buckets by time, without a gap.</param>
    /// <param name="bucket">Their length.</param>
    /// <param name="expected">What was expected of each bucket; null for the first three, which have too little before them.</param>
    /// <param name="reason">The reason of a surge, from the start of the hour before it, its start and its end.</param>
    public static IReadOnlyList<ErrorSurge> Find(
        IReadOnlyList<ErrorBucket> buckets, TimeSpan bucket, out IReadOnlyList<double?> expected, Func<DateTimeOffset, DateTimeOffset, DateTimeOffset, string> reason)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bucket, TimeSpan.Zero);
        int window = (int)Math.Max(3, Baseline.Ticks / bucket.Ticks);
        List<ErrorSurge> surges = [];
        var all = new double?[buckets.Count];
        expected = all;

        // Buckets of a surge are no baseline for the next one, which may be smaller and come soon.
        Queue<long> usual = new(buckets.Take(3).Select(one => one.Errors));
        for (int i = 3; i < buckets.Count; i++)
        {
            double mean = Math.Max(0.5, usual.Average());
            all[i] = mean;
            if (!IsSurge(buckets[i].Errors, mean))
            {
                usual.Enqueue(buckets[i].Errors);
                if (usual.Count > window)
                {
                    usual.Dequeue();
                }

                continue;
            }

            int end = i + 1;
            while (end < buckets.Count && IsSurge(buckets[end].Errors, mean))
            {
                all[end++] = mean;
            }

            DateTimeOffset stop = buckets[end - 1].Start + bucket;
            surges.Add(new ErrorSurge(
                buckets[i].Start, stop, buckets.Skip(i).Take(end - i).Sum(one => one.Errors), mean * (end - i), reason(buckets[Math.Max(0, i - window)].Start, buckets[i].Start, stop)));
            i = end - 1;
        }

        return surges;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Start:u} to {End:u}: {Errors} errors, {Expected:0.#} expected; {Reason}";

    private static bool IsSurge(long errors, double expected) =>
        errors >= MinErrors && errors >= Factor * expected && Poisson.Tail((int)Math.Min(int.MaxValue, errors), expected) < MaxProbability;
}
