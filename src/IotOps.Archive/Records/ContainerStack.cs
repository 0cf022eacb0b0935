namespace IotOps.Archive.Records;

/// <summary>Which objects and arrays are open, a bit each.</summary>
internal sealed class ContainerStack
{
    /// <summary>Deeper JSON is not read.</summary>
    public const int Deepest = 1_024;

    private readonly ulong[] _isObject = new ulong[Deepest / 64];

    public int Depth { get; private set; }

    /// <summary>True in an object, false in an array or in neither.</summary>
    public bool IsInObject => Depth > 0 && (_isObject[(Depth - 1) >> 6] & (1UL << ((Depth - 1) & 63))) != 0;

    /// <summary>Opens one; false when it is too deep.</summary>
    public bool TryPush(bool isObject)
    {
        if (Depth == Deepest)
        {
            return false;
        }

        ulong bit = 1UL << (Depth & 63);
        ref ulong word = ref _isObject[Depth >> 6];
        word = isObject ? word | bit : word & ~bit;
        Depth++;
        return true;
    }

    public void Pop() => Depth--;

    public void Clear() => Depth = 0;

    public void CopyFrom(ContainerStack other)
    {
        other._isObject.AsSpan(0, (other.Depth + 63) / 64).CopyTo(_isObject);
        Depth = other.Depth;
    }
}
