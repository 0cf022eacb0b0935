namespace IotOps.Defender;

/// <summary>A report's list of connections or ports. A report that would be too long lists some of them, and still counts all. Immutable.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class SampledList<T>
    where T : struct
{
    private readonly T[] _items;

    /// <summary>A list of these items, out of so many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The total is below the number of items.</exception>
    public SampledList(IReadOnlyList<T> items, long total)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, items.Count);
        _items = new T[items.Count];
        for (int i = 0; i < _items.Length; i++)
        {
            _items[i] = items[i];
        }

        Total = total;
    }

    private SampledList(long total, T[] items)
    {
        _items = items;
        Total = total;
    }

    /// <summary>What the report lists.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>How many there really are.</summary>
    public long Total { get; }

    internal ReadOnlySpan<T> Span => _items;

    /// <summary>A list over an array that nobody else has.</summary>
    internal static SampledList<T> Owning(T[] items, long total) => new(total, items);
}
