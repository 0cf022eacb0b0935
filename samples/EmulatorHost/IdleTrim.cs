namespace IotOps.Samples.EmulatorHost;

/// <summary>
/// Gives memory back to the machine when nothing happens: the collector runs when memory is asked for, so what deleted groups and buckets held
/// would stay for as long as an idle host runs.
/// </summary>
internal static class IdleTrim
{
    private const long QuietBytes = 256 << 10;
    private const long WorthBytes = 16 << 20;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // Pooled buffers are let go by age, over several collections.
    private static readonly int[] CollectAfter = [1, 15, 35, 75];

    /// <summary>Looks once a second, until it is stopped.</summary>
    public static async Task RunAsync(TimeProvider timeProvider, CancellationToken stop)
    {
        long seen = GC.GetTotalAllocatedBytes();
        long collected = seen;
        int quiet = 0;
        using var timer = new PeriodicTimer(Look, timeProvider);
        while (await timer.WaitForNextTickAsync(stop))
        {
            long now = GC.GetTotalAllocatedBytes();
            quiet = now - seen < QuietBytes ? quiet + 1 : 0;
            seen = now;
            if (!CollectAfter.Contains(quiet) || (quiet == CollectAfter[0] && now - collected < WorthBytes))
            {
                continue;
            }

            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            collected = now;
        }
    }
}
