namespace IotOps.Logs.Batching;

/// <summary>The memory of all batches: arrays of a few sizes, lent out and taken back, never more than the budget. Safe for concurrent use.</summary>
internal sealed class LogBuffers(long budget)
{
    /// <summary>The largest array: room for any batch, since a record's header is smaller than the 26 bytes the service counts.</summary>
    public const int MaxSize = 1 << 20;

    private const int MinSize = 1 << 10;
    private const int SizeStep = 4;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]>[] _free = [new(), new(), new(), new(), new(), new()];
    private long _freeBytes;
    private long _lentBytes;
    private bool _exhausted;

    /// <summary>Bytes that batches hold now.</summary>
    public long LentBytes
    {
        get { lock (_gate) { return _lentBytes; } }
    }

    /// <summary>True once after a request for memory was refused.</summary>
    public bool TakeExhausted()
    {
        lock (_gate)
        {
            bool exhausted = _exhausted;
            _exhausted = false;
            return exhausted;
        }
    }

    /// <summary>Lends an array of at least <paramref name="size"/> bytes; false when the budget has no room for it.</summary>
    public bool TryRent(int size, out byte[] buffer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        (int rank, int length) = RankOf(size);
        lock (_gate)
        {
            if (_lentBytes + length > budget)
            {
                _exhausted = true;
                buffer = [];
                return false;
            }

            _lentBytes += length;
            if (_free[rank].TryPop(out byte[]? free))
            {
                _freeBytes -= length;
                buffer = free;
                return true;
            }

            // What lies idle in other sizes counts too, so it goes before the process grows past its budget.
            for (int i = 0; i < _free.Length && _lentBytes + _freeBytes > budget; i++)
            {
                while (_lentBytes + _freeBytes > budget && _free[i].TryPop(out byte[]? idle))
                {
                    _freeBytes -= idle.Length;
                }
            }
        }

        buffer = GC.AllocateUninitializedArray<byte>(length);
        return true;
    }

    /// <summary>Takes an array back.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length == 0)
        {
            return;
        }

        (int rank, _) = RankOf(buffer.Length);
        lock (_gate)
        {
            _lentBytes -= buffer.Length;
            _freeBytes += buffer.Length;
            _free[rank].Push(buffer);
        }
    }

    private static (int Rank, int Length) RankOf(int size)
    {
        int rank = 0;
        int length = MinSize;
        while (length < size)
        {
            length *= SizeStep;
            rank++;
        }

        return (rank, length);
    }
}
