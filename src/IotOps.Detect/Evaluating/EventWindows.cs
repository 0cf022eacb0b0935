using IotOps.Defender;
using IotOps.Fleet;

namespace IotOps.Detect.Evaluating;

/// <summary>
/// What the cloud measures: events are counted into five minutes of their own time, and judged when those are over and nothing more of them is
/// waited for. So it does not matter in which order they come.
/// </summary>
internal static class EventWindows
{
    private const int MostChanges = 64;

    public static void Take(Evaluation evaluation, DetectEvent one, DetectSources sources)
    {
        if (!IsWatched(evaluation.Set, one) || EventIdentity.Of(one) is not { } identity)
        {
            return;
        }

        ThingState state = evaluation.State;
        long time = one.Time.ToUnixTimeMilliseconds();
        long index = WindowClosing.Bucket(time);
        if (index < state.NextBucket)
        {
            evaluation.Late++;
            return;
        }

        // Nothing happens hours from now; what says so would be kept until then.
        if (index > WindowClosing.Bucket(evaluation.Now) + 1)
        {
            evaluation.Late++;
            return;
        }

        EventBucket bucket = BucketOf(state, index);
        if (!bucket.IsNew(identity))
        {
            evaluation.Duplicates++;
            return;
        }

        switch (one)
        {
            case ConnectionEvent connection:
                Count(bucket, state, connection.Lifecycle, time, countFailures: (sources & DetectSources.Logs) == DetectSources.None);
                break;
            case LogEvent log:
                Count(bucket, log.Entry);
                break;
            case MessageEvent { IsReceived: true }:
                bucket.Received++;
                break;
            case MessageEvent message:
                bucket.SmallestBytes = bucket.Sent == 0 ? message.Bytes : Math.Min(bucket.SmallestBytes, message.Bytes);
                bucket.LargestBytes = Math.Max(bucket.LargestBytes, message.Bytes);
                bucket.SentBytes += message.Bytes;
                bucket.Sent++;
                break;
        }
    }

    private static bool IsWatched(ProfileSet set, DetectEvent one) => one switch
    {
        ConnectionEvent => set.WatchesConnections,
        LogEvent => set.WatchesLogs,
        MessageEvent { IsReceived: true } => set.WatchesReceived,
        _ => set.WatchesSent,
    };

    private static void Count(EventBucket bucket, ThingState state, LifecycleEvent one, long time, bool countFailures)
    {
        if (one.Kind is LifecycleEventKind.Connected or LifecycleEventKind.ConnectFailed)
        {
            bucket.Attempts++;
            AddAddress(bucket, one.IPAddress);
        }

        bool isRefusal = one.ConnectFailureReason == "AUTHORIZATION_FAILED" || one.DisconnectReason is "AUTH_ERROR" or "FORBIDDEN_ACCESS";
        bucket.Failures += isRefusal && countFailures ? 1 : 0;
        if (one.Kind == LifecycleEventKind.Disconnected)
        {
            bucket.Disconnects++;
        }

        if (one.Version is { } version && one.Kind is LifecycleEventKind.Connected or LifecycleEventKind.Disconnected)
        {
            state.Changes.Add(new ConnectionChange(time, version, one.Kind == LifecycleEventKind.Connected));
            if (state.Changes.Count > MostChanges)
            {
                // A client that flaps: what counts is the end of it.
                state.Changes.Sort(ByVersion);
                state.Changes.RemoveAt(0);
            }
        }
    }

    private static void Count(EventBucket bucket, IotLogEntry entry)
    {
        bucket.Failures += entry is { IsError: true, Reason: "AUTHORIZATION_FAILURE" or "AUTHORIZATION_FAILED" } ? 1 : 0;
        AddAddress(bucket, entry.SourceIp);
    }

    private static void AddAddress(EventBucket bucket, string? text)
    {
        if (text is not null && InternetAddress.TryParse(text, out InternetAddress address))
        {
            bucket.Add(address);
        }
    }

    public static int ByVersion(ConnectionChange left, ConnectionChange right) =>
        left.Version != right.Version ? left.Version.CompareTo(right.Version)
        : left.IsConnect != right.IsConnect ? (left.IsConnect ? -1 : 1)
        : left.Time.CompareTo(right.Time);

    private static EventBucket BucketOf(ThingState state, long index)
    {
        int at = state.Buckets.FindIndex(one => one.Index >= index);
        if (at >= 0 && state.Buckets[at].Index == index)
        {
            return state.Buckets[at];
        }

        var bucket = new EventBucket(index);
        state.Buckets.Insert(at < 0 ? state.Buckets.Count : at, bucket);
        return bucket;
    }
}
