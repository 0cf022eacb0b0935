using System.Net.Sockets;

namespace IotOps.Mqtt.Connecting;

/// <summary>A socket as a stream that knows how far its bytes have come.</summary>
/// <remarks>
/// Linux takes megabytes into a socket's buffer at once and tells what of them the other end has acknowledged. Other systems do not tell, so
/// there the buffer is kept small and filled in small pieces: what they have taken is then nearly what has left.
/// </remarks>
internal sealed class SocketStream : Stream, ISendMeter
{
    private const int SmallBuffer = 32 * 1024;
    private const int SmallPiece = 4 * 1024;
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int BytesAcknowledgedAt = 120;
    private const int Unknown = -1;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly bool _isTold;
    private readonly long _before;
    private long _taken;
    private long _left;
    private int _first = Unknown;

    /// <param name="socket">Connected; it is closed with the stream.</param>
    public SocketStream(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _isTold = OperatingSystem.IsLinux() && TryReadAcknowledged(out _before);
        if (!_isTold)
        {
            socket.SendBufferSize = SmallBuffer;
        }
    }

    public long Taken => Interlocked.Read(ref _taken);

    public long Left
    {
        get
        {
            if (!_isTold)
            {
                return Taken;
            }

            if (TryReadAcknowledged(out long acknowledged))
            {
                _left = Math.Max(_left, acknowledged - _before);
            }

            return _left;
        }
    }

    /// <summary>The first byte that came; null before it.</summary>
    public byte? FirstByte => _first == Unknown ? null : (byte)_first;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _first == Unknown ? ReadFirstAsync(buffer, cancellationToken) : _stream.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isTold && buffer.Length > SmallPiece)
        {
            return WriteInPiecesAsync(buffer, cancellationToken);
        }

        ValueTask write = _stream.WriteAsync(buffer, cancellationToken);
        if (!write.IsCompletedSuccessfully)
        {
            return CountAsync(write, buffer.Length);
        }

        Interlocked.Add(ref _taken, buffer.Length);
        return write;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>What came so far was somebody else's, such as a proxy's: the first byte is the next one.</summary>
    public void BeginAnew() => _first = Unknown;

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read > 0)
        {
            _first = buffer.Span[0];
        }

        return read;
    }

    private async ValueTask CountAsync(ValueTask write, int bytes)
    {
        await write.ConfigureAwait(false);
        Interlocked.Add(ref _taken, bytes);
    }

    private async ValueTask WriteInPiecesAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlyMemory<byte> piece = buffer[..Math.Min(SmallPiece, buffer.Length)];
            await _stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _taken, piece.Length);
            buffer = buffer[piece.Length..];
        }
    }

    // tcpi_bytes_acked of linux/tcp.h, there since Linux 4.1.
    private bool TryReadAcknowledged(out long bytes)
    {
        bytes = 0;
        Span<byte> info = stackalloc byte[BytesAcknowledgedAt + sizeof(long)];
        try
        {
            if (_socket.GetRawSocketOption(TcpLevel, TcpInfo, info) < info.Length)
            {
                return false;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed by now, or a sandbox that does not have the call.
            return false;
        }

        bytes = BitConverter.ToInt64(info[BytesAcknowledgedAt..]);
        return true;
    }
}
