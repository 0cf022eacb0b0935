using System.Buffers;

namespace IotOps.Shared;

/// <summary>What was read of a gzip source and is still needed. Grows where it must.</summary>
/// <param name="readBytes">Read at once at most.</param>
internal sealed class GzipBuffer(int readBytes) : IDisposable
{
    private const int FirstBytes = 64 << 10;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes + Inflater.Padding);

    /// <summary>Holds them, with room for <see cref="Inflater.Padding"/> behind.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Bytes held.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Reads something, making room first; false at the stream's end.</summary>
    /// <param name="stream">The source.</param>
    /// <param name="most">Bytes that may be held afterwards; more than are held.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<bool> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        if (Length == _bytes.Length - Inflater.Padding)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * Length, most) + Inflater.Padding);
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        int room = Math.Min(Math.Min(_bytes.Length - Inflater.Padding, most) - Length, readBytes);
        int read = await stream.ReadAsync(_bytes.AsMemory(Length, room), cancellationToken).ConfigureAwait(false);
        Length += read;
        return read > 0;
    }

    /// <summary>Forgets the first bytes.</summary>
    public void Drop(int count)
    {
        Length -= count;
        _bytes.AsSpan(count, Length).CopyTo(_bytes);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
