using System.Buffers;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Lines of a stream with the place behind each, one at a time. A line that is too long is passed over.</summary>
internal sealed class FeedLines(Stream input, long position) : IDisposable
{
    public const int LongestLine = 1 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The line without its end, until the next call; empty for one that is too long.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the line is longer than <see cref="LongestLine"/>.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether the line has an end: the last one of a file that grows may have none yet.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>The place behind the line.</summary>
    public long Position { get; private set; } = position;

    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        IsTooLong = false;
        int seen = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return Take(seen + found, 1);
            }

            seen = _end - _start;
            if (seen > LongestLine)
            {
                IsTooLong = true;
                Position += seen;
                (_start, seen) = (_end, 0);
            }

            if (_isAtEnd)
            {
                return (seen > 0 || IsTooLong) && Take(seen, 0);
            }

            MakeRoom();
            int read = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _isAtEnd = read == 0;
            _end += read;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool Take(int length, int end)
    {
        IsTooLong |= length > LongestLine;
        Line = IsTooLong ? default : _buffer.AsMemory(_start, length);
        HasEnd = end > 0;
        _start += length + end;
        Position += length + end;
        return true;
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
