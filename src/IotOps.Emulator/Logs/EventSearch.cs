namespace IotOps.Emulator.Logs;

/// <summary>Finds places in a stream's events, which are in the order of their keys.</summary>
internal static class EventSearch
{
    public static int FirstAtOrAfter(StoredEvent[] events, EventKey key)
    {
        int low = 0;
        int high = events.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (events[middle].Key.CompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public static int FirstAfter(StoredEvent[] events, EventKey key) =>
        FirstAtOrAfter(events, key with { Sequence = key.Sequence + 1 });
}
