using System.Buffers;

namespace IotOps.Archive.Deflate;

/// <summary>The output behind a buffer that gathers what is small; what is large passes by it. Counts what was written.</summary>
internal sealed class BufferedOutput(Stream stream) : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _filled;

    /// <summary>Bytes given to this output so far.</summary>
    public long Position { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Position += bytes.Length;
        if (bytes.Length > BufferBytes - _filled)
        {
            await EmptyAsync(cancellationToken).ConfigureAwait(false);
            if (bytes.Length >= BufferBytes)
            {
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsMemory(_filled));
        _filled += bytes.Length;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await EmptyAsync(cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private async ValueTask EmptyAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await stream.WriteAsync(_buffer.AsMemory(0, _filled), cancellationToken).ConfigureAwait(false);
            _filled = 0;
        }
    }
}
