namespace IotOps.Detect.Evaluating;

/// <summary>The behaviors that a thing is held to, out of all profiles that are attached to it. Immutable.</summary>
internal sealed class ProfileSet
{
    public ProfileSet(IReadOnlyList<WatchedBehavior> behaviors)
    {
        var watched = new WatchedBehavior[behaviors.Count];
        List<ulong> metrics = [];
        List<WatchedBehavior> measures = [];
        HashSet<ulong> fed = [];
        for (int i = 0; i < watched.Length; i++)
        {
            WatchedBehavior one = behaviors[i];
            int metric = -1;
            if (one.Cloud == CloudMetric.None)
            {
                metric = metrics.IndexOf(one.MetricKey);
                if (metric < 0)
                {
                    metric = metrics.Count;
                    metrics.Add(one.MetricKey);
                    measures.Add(one);
                }
            }

            bool hasSketch = one.IsNumber && one.Cloud != CloudMetric.DisconnectDuration && (one.IsRetained || one.Test.Percent is not null);
            watched[i] = new WatchedBehavior(one.Profile, one.Behavior, one.IsRetained) { MetricIndex = metric, IsFeeder = hasSketch && fed.Add(one.SketchKey) };
        }

        Behaviors = watched;
        Cloud = Array.FindAll(watched, one => one.Cloud != CloudMetric.None);
        MetricKeys = [.. metrics];
        Measures = [.. measures];
        Keys = Array.ConvertAll(watched, one => one.Key);
        WatchesSent = Watches(CloudMetric.MessageBytes, CloudMetric.MessagesSent);
        WatchesReceived = Watches(CloudMetric.MessagesReceived);
        WatchesLogs = Watches(CloudMetric.AuthorizationFailures, CloudMetric.SourceAddresses);
        WatchesConnections = WatchesLogs || Watches(CloudMetric.ConnectionAttempts, CloudMetric.Disconnects, CloudMetric.DisconnectDuration);
    }

    /// <summary>All of them, in the order of their profiles.</summary>
    public WatchedBehavior[] Behaviors { get; }

    public WatchedBehavior[] Cloud { get; }

    public ulong[] Keys { get; }

    /// <summary>The metrics that reports are read for, each once.</summary>
    public ulong[] MetricKeys { get; }

    /// <summary>Behaviors that measure these.</summary>
    public WatchedBehavior[] Measures { get; }

    public bool WatchesSent { get; }

    public bool WatchesReceived { get; }

    public bool WatchesLogs { get; }

    public bool WatchesConnections { get; }

    private bool Watches(params ReadOnlySpan<CloudMetric> metrics)
    {
        foreach (WatchedBehavior one in Cloud)
        {
            if (metrics.Contains(one.Cloud))
            {
                return true;
            }
        }

        return false;
    }
}
