namespace IotOps.Defender.Readings;

/// <summary>Sockets of one kind, in memory that is kept from one collection to the next.</summary>
internal sealed class SocketRows
{
    private static readonly Comparison<SocketRow> Order = SocketRow.Compare;

    private SocketRow[] _rows = new SocketRow[16];

    public int Count { get; private set; }

    public ref readonly SocketRow this[int index] => ref _rows[index];

    public void Clear() => Count = 0;

    public void Add(in SocketRow row)
    {
        if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, Count * 2);
        }

        _rows[Count++] = row;
    }

    /// <summary>
    /// Puts them in an order that does not depend on the kernel's hash tables, and each once: sockets share a port by SO_REUSEPORT, and one that
    /// moves within a table while it is read is seen twice.
    /// </summary>
    public void SortDistinct()
    {
        Span<SocketRow> rows = _rows.AsSpan(0, Count);
        rows.Sort(Order);
        int kept = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (i == 0 || SocketRow.Compare(rows[i], rows[kept - 1]) != 0)
            {
                rows[kept++] = rows[i];
            }
        }

        Count = kept;
    }
}
