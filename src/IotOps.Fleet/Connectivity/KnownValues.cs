namespace IotOps.Fleet.Connectivity;

/// <summary>The values that a client used, up to four of them, by their hashes.</summary>
internal struct KnownValues
{
    private const int Most = 4;

    private int _first, _second, _third, _fourth;
    private byte _count;

    /// <summary>Whether a value is the first one, or was used before.</summary>
    /// <returns>True for a value that is new to a client that used others. Never, once there are more than four.</returns>
    public bool IsNew(string? value)
    {
        if (value is null || _count > Most)
        {
            return false;
        }

        int hash = string.GetHashCode(value, StringComparison.Ordinal);
        for (int i = 0; i < _count; i++)
        {
            if (At(i) == hash)
            {
                return false;
            }
        }

        if (_count < Most)
        {
            At(_count) = hash;
        }

        return ++_count is > 1 and <= Most;
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref int At(int index)
    {
        switch (index)
        {
            case 0:
                return ref _first;
            case 1:
                return ref _second;
            case 2:
                return ref _third;
            default:
                return ref _fourth;
        }
    }
}
