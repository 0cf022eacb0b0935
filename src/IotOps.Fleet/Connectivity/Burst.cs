namespace IotOps.Fleet.Connectivity;

/// <summary>Counts what happens within a window that begins with the first of it.</summary>
internal struct Burst
{
    private int _begin;
    private int _count;

    /// <summary>Counts one.</summary>
    /// <returns>Whether the number is reached with it; not again until the window has passed.</returns>
    public bool Add(DateTimeOffset time, TimeSpan window, int number)
    {
        int second = (int)Math.Clamp(time.ToUnixTimeSeconds(), 0, int.MaxValue);
        if (_count == 0 || Math.Abs((long)second - _begin) > window.TotalSeconds)
        {
            (_begin, _count) = (second, 0);
        }

        return ++_count == number;
    }
}
