using System.Runtime.InteropServices;

namespace IotOps.Defender;

/// <summary>
/// One list of a report being built. Absent, the report says nothing about it; present and empty, it says there are none, which clears a
/// violation: so a list whose source could not be read must stay absent.
/// </summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class ReportList<T>
    where T : struct
{
    private readonly List<T> _items = [];

    /// <summary>Whether the report has this list.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    internal ReadOnlySpan<T> Span => CollectionsMarshal.AsSpan(_items);

    /// <summary>The items in the order they were added.</summary>
    public T this[int index] => _items[index];

    /// <summary>Makes the list present, and empty when it was absent.</summary>
    public void Present() => IsPresent = true;

    /// <summary>Adds one; the list is present from then on.</summary>
    public void Add(in T item)
    {
        IsPresent = true;
        _items.Add(item);
    }

    /// <summary>Makes the list absent; its memory is kept for the next report.</summary>
    public void Omit()
    {
        IsPresent = false;
        _items.Clear();
    }
}
