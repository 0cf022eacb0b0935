using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>Judges what the cloud measured, five minutes after five minutes, and says when it has to be evaluated again.</summary>
internal static class WindowClosing
{
    private const long BucketMilliseconds = WatchedBehavior.BucketSeconds * 1000;

    // After 22 hours of nothing every window has closed ten times: no behavior stands otherwise after more of it.
    private const long MostIdleBuckets = 264;
    private const long BucketsPerHour = 12;
    private const int MostHeld = 8_192;

    public static long Bucket(long time) => (long)Math.Floor(time / (double)BucketMilliseconds);

    /// <summary>Begins to watch a thing at its first event: what is over by then is not judged.</summary>
    public static void Begin(Evaluation evaluation, long patience)
    {
        if (evaluation.State.NextBucket == 0 && evaluation.Set.Cloud.Length > 0)
        {
            evaluation.State.NextBucket = Bucket(evaluation.Now - patience);
        }
    }

    /// <summary>Whether what is over can wait: it has room in the thing's state, where each event of it takes 8 bytes.</summary>
    public static bool MayHold(Evaluation evaluation) => evaluation.Set.Cloud.Length > 0 && evaluation.State.Buckets.Sum(bucket => bucket.Seen.Count) < MostHeld;

    /// <summary>Judges what is over, and returns when to look again, in milliseconds; null for not before the next event.</summary>
    public static long? Close(Evaluation evaluation, long patience)
    {
        ThingState state = evaluation.State;
        if (evaluation.Set.Cloud.Length == 0)
        {
            Forget(state);
            return null;
        }

        long end = Bucket(evaluation.Now - patience);
        long idle = 0;
        while (state.NextBucket < end && evaluation.HasRoom())
        {
            bool isIdle = (state.Buckets.Count == 0 || state.Buckets[0].Index > state.NextBucket) && state.Changes.Count == 0;
            idle = isIdle ? idle + 1 : 0;
            if (idle > MostIdleBuckets && state.Buckets.Count == 0)
            {
                Skip(evaluation, end);
            }

            Close(evaluation);
        }

        return Due(evaluation) is { } due ? Math.Max(due + patience, evaluation.Now) : null;
    }

    // The last hour is judged again, so that windows of an hour are whole.
    private static void Skip(Evaluation evaluation, long end)
    {
        long to = (end - BucketsPerHour) / BucketsPerHour * BucketsPerHour;
        if (to <= evaluation.State.NextBucket)
        {
            return;
        }

        evaluation.State.NextBucket = to;
        for (int i = 0; i < evaluation.Set.Behaviors.Length; i++)
        {
            if (evaluation.Set.Behaviors[i].Cloud != CloudMetric.None)
            {
                ref BehaviorState state = ref evaluation.StateOf(i);
                (state.Elapsed, state.Sum) = (null, 0);
            }
        }
    }

    private static void Close(Evaluation evaluation)
    {
        ThingState state = evaluation.State;
        long index = state.NextBucket++;
        EventBucket? bucket = null;
        if (state.Buckets.Count > 0 && state.Buckets[0].Index == index)
        {
            bucket = state.Buckets[0];
            state.Buckets.RemoveAt(0);
        }

        long end = (index + 1) * BucketMilliseconds;
        Connect(state, end);
        WatchedBehavior[] behaviors = evaluation.Set.Behaviors;
        for (int i = 0; i < behaviors.Length; i++)
        {
            if (behaviors[i].Cloud != CloudMetric.None && evaluation.Held(i, index) && Measure(evaluation, i, bucket, index, end) is { } value)
            {
                evaluation.Judge(i, new Datapoint(value, end, 0));
            }
        }
    }

    private static Measurement? Measure(Evaluation evaluation, int i, EventBucket? bucket, long index, long end)
    {
        WatchedBehavior behavior = evaluation.Set.Behaviors[i];
        Connection connection = evaluation.State.Connection;
        switch (behavior.Cloud)
        {
            case CloudMetric.SourceAddresses:
                return bucket is { Addresses.Count: > 0 } ? Measurement.OfAddresses(bucket.Addresses.OrderBy(one => one.ToString(), StringComparer.Ordinal)) : null;
            case CloudMetric.DisconnectDuration:
                return connection.IsKnown ? Measurement.Of(connection.IsConnected ? 0 : Math.Max(0, (end - connection.Since) / 60_000)) : null;
            case CloudMetric.MessageBytes when !behavior.IsCumulative:
                bool wantsSmall = behavior.Behavior.Criteria.ComparisonOperator is ComparisonOperator.LessThan or ComparisonOperator.LessThanEquals;
                wantsSmall ^= behavior.Behavior.AlarmWhen == AlarmWhen.CriteriaMet;
                return bucket is { Sent: > 0 } ? Measurement.Of(wantsSmall ? bucket.LargestBytes : bucket.SmallestBytes) : null;
            default:
                return Count(ref evaluation.StateOf(i), behavior, bucket?.Count(behavior.Cloud) ?? 0, index);
        }
    }

    // Windows begin where the clock is a multiple of them; one that was not watched from its beginning does not count.
    private static Measurement? Count(ref BehaviorState state, WatchedBehavior behavior, long count, long index)
    {
        int buckets = behavior.Seconds / WatchedBehavior.BucketSeconds;
        if (buckets == 1)
        {
            return Measurement.Of(count);
        }

        if (index % buckets == 0)
        {
            (state.Elapsed, state.Sum) = (TimeSpan.Zero, 0);
        }

        if (state.Elapsed is null)
        {
            return null;
        }

        state.Elapsed += TimeSpan.FromSeconds(WatchedBehavior.BucketSeconds);
        state.Sum += count;
        if ((index + 1) % buckets != 0)
        {
            return null;
        }

        double sum = state.Sum;
        (state.Elapsed, state.Sum) = (null, 0);
        return Measurement.Of(sum);
    }

    private static void Connect(ThingState state, long end)
    {
        if (state.Changes.Count == 0)
        {
            return;
        }

        state.Changes.Sort(EventWindows.ByVersion);
        foreach (ConnectionChange change in state.Changes)
        {
            if (change.Time < end)
            {
                state.Connection.Apply(change);
            }
        }

        state.Changes.RemoveAll(change => change.Time < end);
    }

    // When the next five minutes end that change something, in milliseconds.
    private static long? Due(Evaluation evaluation)
    {
        ThingState state = evaluation.State;
        long? due = evaluation.IsFull ? 0 : state.Buckets.Count > 0 ? (state.Buckets[0].Index + 1) * BucketMilliseconds : null;
        WatchedBehavior[] behaviors = evaluation.Set.Behaviors;
        for (int i = 0; i < behaviors.Length; i++)
        {
            if (behaviors[i].Cloud != CloudMetric.None && !behaviors[i].IsRetained && Due(evaluation, i) is { } end && (due is null || end < due))
            {
                due = end;
            }
        }

        return due;
    }

    private static long? Due(Evaluation evaluation, int i)
    {
        WatchedBehavior behavior = evaluation.Set.Behaviors[i];
        BehaviorState state = evaluation.StateOf(i);
        long next = (evaluation.State.NextBucket + 1) * BucketMilliseconds;
        if (behavior.Cloud == CloudMetric.DisconnectDuration)
        {
            return DisconnectDue(behavior, state, evaluation.State.Connection, next);
        }

        if (behavior.Cloud == CloudMetric.SourceAddresses || !behavior.IsCumulative)
        {
            return null;
        }

        long window = behavior.Seconds * 1000L;
        long end = (next + window - 1) / window * window;
        return state.Sum > 0 || evaluation.WouldChange(i, Measurement.Of(0)) ? end : null;
    }

    private static long? DisconnectDue(WatchedBehavior behavior, BehaviorState state, Connection connection, long next)
    {
        if (!connection.IsKnown)
        {
            return null;
        }

        if (connection.IsConnected || state.IsInAlarm)
        {
            // Connected, and still in alarm: the next five minutes count towards its end. Disconnected and in alarm: nothing changes by itself.
            return behavior.Test.IsViolation(Measurement.Of(connection.IsConnected ? 0 : (next - connection.Since) / 60_000)) != state.IsInAlarm ? next : null;
        }

        // The more minutes, the sooner a maximum is passed.
        double limit = behavior.Behavior.Criteria.Value!.Count ?? behavior.Behavior.Criteria.Value.Number!.Value;
        double minutes = Math.Floor(limit) + (behavior.Behavior.Criteria.ComparisonOperator == ComparisonOperator.LessThanEquals || limit > Math.Floor(limit) ? 1 : 0);
        if (behavior.Behavior.AlarmWhen == AlarmWhen.CriteriaMet || minutes * 60_000 > long.MaxValue / 4)
        {
            return behavior.Behavior.AlarmWhen == AlarmWhen.CriteriaMet ? next : null;
        }

        long passed = connection.Since + (long)(Math.Max(0, minutes) * 60_000);
        return Math.Max(next, (passed + BucketMilliseconds - 1) / BucketMilliseconds * BucketMilliseconds);
    }

    private static void Forget(ThingState state)
    {
        state.NextBucket = 0;
        state.Buckets.Clear();
        state.Changes.Clear();
        state.Connection = default;
    }
}
