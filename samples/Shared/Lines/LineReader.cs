using System.Buffers;

namespace IotOps.Samples.Lines;

/// <summary>Lines of a stream, one at a time. A line that is longer than the limit is passed over. For one caller at a time; the stream stays the caller's.</summary>
/// <param name="input">The stream.</param>
/// <param name="limitBytes">Bytes that a line may have.</param>
/// <param name="position">The place in the stream's text where it begins, in bytes.</param>
public sealed class LineReader(Stream input, int limitBytes, long position = 0) : IDisposable
{
    /// <summary>More than the largest case that is any use, and small beside a machine's memory.</summary>
    public const int MaxBytes = 64 << 20;

    private const int FirstBytes = 64 << 10;

    private readonly bool _isAtBeginning = position == 0;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _start;
    private int _end;
    private int _lineLength;
    private bool _isAtEnd;

    /// <summary>Bytes that a line may have.</summary>
    public int LimitBytes => limitBytes;

    /// <summary>The line's number, from 1 where it began.</summary>
    public long Number { get; private set; }

    /// <summary>The place behind the line and its end, in bytes. Lines that were passed over count too.</summary>
    public long Position { get; private set; } = position;

    /// <summary>The line without its end, until the next call.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the line is longer than allowed; <see cref="Line"/> is empty then.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether the line has an end: the last one of a file that grows may have none yet.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Whether the line has nothing but white space.</summary>
    public bool IsBlank => !IsTooLong && Line.Span.IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>Whether another whole line is there already.</summary>
    public bool HasMore => _buffer.AsSpan(_start, _end - _start).Contains((byte)'\n');

    /// <summary>Goes to the next line; false when there is none.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        IsTooLong = false;
        _lineLength = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + _lineLength, _end - _start - _lineLength).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return Take(_lineLength + found, 1);
            }

            _lineLength = _end - _start;
            if (_lineLength > limitBytes)
            {
                IsTooLong = true;
                Position += _lineLength;
                _start = _end;
                _lineLength = 0;
            }

            if (_isAtEnd)
            {
                return (_lineLength > 0 || IsTooLong) && Take(_lineLength, 0);
            }

            MakeRoom();
            int read = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _isAtEnd = read == 0;
            _end += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool Take(int length, int endBytes)
    {
        IsTooLong |= length > limitBytes;
        ReadOnlyMemory<byte> line = IsTooLong ? default : _buffer.AsMemory(_start, length);
        Line = _isAtBeginning && Number == 0 && line.Span.StartsWith("\uFEFF"u8) ? line["\uFEFF"u8.Length..] : line;
        HasEnd = endBytes > 0;
        _start += length + endBytes;
        Position += length + endBytes;
        Number++;
        return true;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
