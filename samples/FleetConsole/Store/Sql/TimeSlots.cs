namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// The parts of a range that the lines of one client are looked for in. The index by client begins with five minutes of time: an index by the client
/// alone would have a page for each client that every batch writes anew.
/// </summary>
internal static class TimeSlots
{
    /// <summary>The length of a slot in milliseconds, as the schemas have it.</summary>
    public const long Length = 300_000;

    private const int MostAtOnce = 288;

    /// <summary>
    /// Slots from one end of a range to the other, few at first: who has many lines has a page of them in five minutes, and for the others it is a day at once.
    /// </summary>
    public static IEnumerable<(long First, long Last)> Of(long from, long to, bool isNewestFirst)
    {
        long first = from / Length, last = to / Length;
        for (int count = 1; first <= last; count = Math.Min(4 * count, MostAtOnce))
        {
            if (isNewestFirst)
            {
                yield return (Math.Max(first, last - count + 1), last);
                last -= count;
            }
            else
            {
                yield return (first, Math.Min(last, first + count - 1));
                first += count;
            }
        }
    }
}
