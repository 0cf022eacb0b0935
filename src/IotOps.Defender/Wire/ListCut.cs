namespace IotOps.Defender.Wire;

/// <summary>
/// Which items of a list a report has room for. An item's rank is the fraction of its index times the golden ratio: every threshold keeps
/// items that are spread evenly over the whole list, the same ones each time, and a larger threshold keeps the same and more.
/// </summary>
internal readonly struct ListCut
{
    // 2^32 divided by the golden ratio.
    private const uint Step = 2_654_435_769;

    private readonly bool _keepsAll;
    private readonly uint _threshold;

    private ListCut(bool keepsAll, uint threshold)
    {
        _keepsAll = keepsAll;
        _threshold = threshold;
    }

    public static ListCut All => new(keepsAll: true, 0);

    public static ListCut None => new(keepsAll: false, 0);

    /// <summary>The largest cut whose items have no more bytes than there are.</summary>
    public static ListCut Largest(ReadOnlySpan<int> itemBytes, long bytes)
    {
        uint low = 0;
        uint high = uint.MaxValue;
        while (low < high)
        {
            uint middle = (uint)(((ulong)low + high + 1) / 2);
            if (new ListCut(keepsAll: false, middle).Bytes(itemBytes) <= bytes)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return new ListCut(keepsAll: false, low);
    }

    public bool Keeps(int index) => _keepsAll || (uint)index * Step < _threshold;

    public int Count(int items)
    {
        if (_keepsAll)
        {
            return items;
        }

        int count = 0;
        for (int i = 0; i < items; i++)
        {
            count += Keeps(i) ? 1 : 0;
        }

        return count;
    }

    public long Bytes(ReadOnlySpan<int> itemBytes)
    {
        long sum = 0;
        for (int i = 0; i < itemBytes.Length; i++)
        {
            sum += Keeps(i) ? itemBytes[i] : 0;
        }

        return sum;
    }
}
