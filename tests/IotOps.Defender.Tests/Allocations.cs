namespace IotOps.Defender.Tests;

internal static class Allocations
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The fewest bytes that one of several calls allocates on this thread. Several, because code that the runtime has compiled in haste boxes what its
    /// better code does not, which takes a while to come, and a collection of garbage between two calls takes pooled memory away.
    /// </summary>
    /// <param name="enough">Ends the search.</param>
    /// <param name="act">What is measured.</param>
    public static long Least(long enough, Action act)
    {
        long least = long.MaxValue;
        long start = TimeProvider.System.GetTimestamp();
        while (least > enough && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
