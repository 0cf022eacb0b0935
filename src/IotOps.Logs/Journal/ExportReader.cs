using System.Buffers.Binary;

namespace IotOps.Logs.Journal;

/// <summary>
/// Reads the journal export format, https://systemd.io/JOURNAL_EXPORT_FORMATS/: fields as <c>NAME=text</c>, or <c>NAME</c>, a length and bytes; an
/// empty line ends an entry. Of a value longer than <paramref name="longest"/> bytes, the beginning is kept.
/// </summary>
internal sealed class ExportReader(Stream stream, int longest)
{
    private const int ChunkSize = 64 << 10;

    private readonly ExportFields _fields = new();
    private byte[] _buffer = new byte[ChunkSize];
    private int _start;
    private int _end;

    /// <summary>The next entry; null at the end. One that the end cuts is none: it is read whole by the next run.</summary>
    public async ValueTask<JournalEntry?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await LineAsync(cancellationToken).ConfigureAwait(false) is { } length)
        {
            if (length == 0)
            {
                _start++;
                if (_fields.Take() is { } entry)
                {
                    return entry;
                }
            }
            else if (!await FieldAsync(length, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        return null;
    }

    private async ValueTask<bool> FieldAsync(int length, CancellationToken cancellationToken)
    {
        int equals = _buffer.AsSpan(_start, length).IndexOf((byte)'=');
        if (equals >= 0)
        {
            _fields.Add(_buffer.AsSpan(_start, equals), _buffer.AsSpan(_start + equals + 1, length - equals - 1));
            _start += length;
            return await SkipLineAsync(cancellationToken).ConfigureAwait(false);
        }

        byte[] name = _buffer.AsSpan(_start, length).ToArray();
        _start += length + 1;
        if (!await HaveAsync(sizeof(ulong), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_start));
        _start += sizeof(ulong);
        int kept = (int)Math.Min(size, (ulong)longest);
        if (!await HaveAsync(kept, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _fields.Add(name, _buffer.AsSpan(_start, kept));
        _start += kept;
        return await SkipAsync(size - (ulong)kept + 1, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Bytes before the line's end, as many as are kept at most; null at the end of the stream.</summary>
    private async ValueTask<int?> LineAsync(CancellationToken cancellationToken)
    {
        for (int scanned = 0; ;)
        {
            int end = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return scanned + end;
            }

            scanned = _end - _start;
            if (scanned >= longest + ChunkSize)
            {
                return scanned;
            }

            if (!await FillAsync(scanned + 1, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    private async ValueTask<bool> SkipLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _start += end + 1;
                return true;
            }

            _start = _end;
            if (!await FillAsync(1, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
    }

    private async ValueTask<bool> SkipAsync(ulong count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (!await HaveAsync(1, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            int step = (int)Math.Min(count, (ulong)(_end - _start));
            _start += step;
            count -= (ulong)step;
        }

        return true;
    }

    private async ValueTask<bool> HaveAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            if (!await FillAsync(count, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads once, with room for so many bytes from the start on.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_buffer.Length < count || _end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(count, 2 * _buffer.Length));
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }
}
