using System.Buffers;

namespace IotOps.Fleet.Trail;

/// <summary>What was inflated or read of a file and is not passed yet, in pooled memory that grows to what is asked for.</summary>
internal sealed class PlainBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 512 << 10;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);

    /// <summary>Holds the data, with room for <see cref="RecordScanner.Padding"/> behind it.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Where the data begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>How many bytes of the file came before <see cref="Start"/>.</summary>
    public long Passed { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(Start, End - Start);

    /// <summary>Begins another file.</summary>
    public void Clear()
    {
        Start = 0;
        End = 0;
        Passed = 0;
    }

    /// <summary>Passes bytes at the beginning.</summary>
    public void Pass(int count)
    {
        Start += count;
        Passed += count;
    }

    public void Advance(int count) => End += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(End, _bytes.Length - RecordScanner.Padding - End);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom(int size)
    {
        int needed = Math.Max(size, 1) + RecordScanner.Padding;
        if (_bytes.Length - End >= needed)
        {
            return;
        }

        int length = End - Start;
        byte[] target = length + needed <= _bytes.Length ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(2 * length, length + needed));
        _bytes.AsSpan(Start, length).CopyTo(target);
        if (target != _bytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = target;
        }

        Start = 0;
        End = length;
    }
}
