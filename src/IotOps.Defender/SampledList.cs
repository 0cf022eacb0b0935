namespace IotOps.Defender;

/// <summary>A report's list of connections or ports. A report that would be too long lists some of them, and still counts all.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class SampledList<T>
    where T : struct
{
    /// <summary>A list of these items, out of so many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The total is below the number of items.</exception>
    public SampledList(IReadOnlyList<T> items, long total)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, items.Count);
        Items = items;
        Total = total;
    }

    /// <summary>What the report lists.</summary>
    public IReadOnlyList<T> Items { get; }

    /// <summary>How many there really are.</summary>
    public long Total { get; }
}
