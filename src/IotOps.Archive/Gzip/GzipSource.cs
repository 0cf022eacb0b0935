using System.Buffers;

namespace IotOps.Archive.Gzip;

/// <summary>A gzip source in memory, so that all of it is looked at before any of it is written.</summary>
internal sealed class GzipSource(Stream stream, int limit) : IDisposable
{
    private const int FirstBytes = 64 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes + DeflateWalk.Padding);

    /// <summary>Holds the source, with room for <see cref="DeflateWalk.Padding"/> behind it.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Bytes read.</summary>
    public int Length { get; private set; }

    /// <summary>Reads to the end; false when that lies beyond the limit.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int room = Math.Min(_buffer.Length - DeflateWalk.Padding, limit + 1) - Length;
            if (room <= 0)
            {
                if (Length > limit)
                {
                    return false;
                }

                Grow();
                continue;
            }

            int read = await stream.ReadAsync(_buffer.AsMemory(Length, room), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return true;
            }

            Length += read;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _buffer.Length, (long)limit + 1 + DeflateWalk.Padding));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
