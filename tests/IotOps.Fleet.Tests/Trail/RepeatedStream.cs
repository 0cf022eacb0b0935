using System.Text;

namespace IotOps.Fleet.Tests.Trail;

/// <summary>A beginning, very many times the letter x, and an end, of which nothing is held.</summary>
internal sealed class RepeatedStream(string beginning, long repeated, string end) : Stream
{
    private readonly byte[] _beginning = Encoding.UTF8.GetBytes(beginning);
    private readonly byte[] _end = Encoding.UTF8.GetBytes(end);
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _beginning.Length + repeated + _end.Length;

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = 0;
        if (_at < _beginning.Length)
        {
            read = Math.Min(buffer.Length, _beginning.Length - (int)_at);
            _beginning.AsSpan((int)_at, read).CopyTo(buffer);
        }
        else if (_at < _beginning.Length + repeated)
        {
            read = (int)Math.Min(buffer.Length, _beginning.Length + repeated - _at);
            buffer[..read].Fill((byte)'x');
        }
        else if (_at < Length)
        {
            int at = (int)(_at - _beginning.Length - repeated);
            read = Math.Min(buffer.Length, _end.Length - at);
            _end.AsSpan(at, read).CopyTo(buffer);
        }

        _at += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
