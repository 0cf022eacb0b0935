using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace IotOps.Logs.Reading;

/// <summary>
/// Finds events in bytes: lines, or groups of lines. Keeps nothing between calls, so that a file's position, always the start of an event,
/// is all there is to remember.
/// </summary>
internal sealed class LineFramer
{
    private readonly TextEncoding _encoding;
    private readonly int _rawLimit;
    private readonly LinePattern? _start;

    /// <param name="encoding">Of the bytes.</param>
    /// <param name="maxMessageBytes">Longest event in UTF-8.</param>
    /// <param name="start">Matches the first line of an event; null makes each line one.</param>
    public LineFramer(TextEncoding encoding, int maxMessageBytes, LinePattern? start)
    {
        _encoding = encoding;
        _start = start;

        // Two bytes of UTF-16 become at least one of UTF-8; what becomes more is cut when it is decoded.
        _rawLimit = IsUtf16 ? 2 * maxMessageBytes : maxMessageBytes;
    }

    /// <summary>Bytes that must be in sight to tell that an event is too long: the limit and a line end.</summary>
    public int Lookahead => _rawLimit + (2 * UnitSize);

    private bool IsUtf16 => _encoding is TextEncoding.Utf16 or TextEncoding.Utf16BigEndian;

    private int UnitSize => IsUtf16 ? 2 : 1;

    /// <summary>Finds the event at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">From the position on.</param>
    /// <param name="scanned">How far an earlier call with the same start has looked without finding an end; 0 at first.</param>
    /// <param name="continues">The event before was cut, and this is its rest.</param>
    /// <param name="end">What ends an event whose end is not in sight.</param>
    /// <param name="frame">The event.</param>
    public bool TryNext(ReadOnlySpan<byte> bytes, ref int scanned, bool continues, FrameEnd end, out LineFrame frame) =>
        _start is null
            ? TryLine(bytes, ref scanned, end, out frame)
            : TryGroup(bytes, ref scanned, continues, end, out frame);

    private bool TryLine(ReadOnlySpan<byte> bytes, ref int scanned, FrameEnd end, out LineFrame frame)
    {
        int lineEnd = IndexOfLineEnd(bytes, scanned);
        if (lineEnd >= 0)
        {
            scanned = 0;
            int length = TrimReturn(bytes, lineEnd);
            frame = length <= _rawLimit ? new LineFrame(length, lineEnd + UnitSize, IsCut: false) : Cut(bytes);
            return true;
        }

        return TryRest(bytes, ref scanned, end, out frame);
    }

    private bool TryGroup(ReadOnlySpan<byte> bytes, ref int scanned, bool continues, FrameEnd end, out LineFrame frame)
    {
        // Lines before the one that `scanned` stands in were judged by an earlier call.
        int line = scanned == 0 ? 0 : LastIndexOfLineEnd(bytes[..scanned]);
        int from = scanned;
        for (int lineEnd; (lineEnd = IndexOfLineEnd(bytes, from)) >= 0; from = line)
        {
            int length = TrimReturn(bytes, lineEnd);
            bool starts = IsStart(bytes[line..length]);
            if (line == 0 && !starts && !continues)
            {
                scanned = 0;
                frame = length <= _rawLimit ? new LineFrame(length, lineEnd + UnitSize, IsCut: false) : Cut(bytes);
                return true;
            }

            if (line > 0 && (starts || length > _rawLimit))
            {
                scanned = 0;
                frame = new LineFrame(TrimReturn(bytes, line - UnitSize), line, IsCut: !starts);
                return true;
            }

            if (length > _rawLimit)
            {
                scanned = 0;
                frame = Cut(bytes);
                return true;
            }

            line = lineEnd + UnitSize;
        }

        if (line > 0)
        {
            bool tooLong = bytes.Length >= Lookahead;
            bool lastStarts = end == FrameEnd.Final && line < bytes.Length && IsStart(bytes[line..]);
            if (tooLong || lastStarts || end == FrameEnd.Flush)
            {
                scanned = 0;
                frame = new LineFrame(TrimReturn(bytes, line - UnitSize), line, IsCut: tooLong);
                return true;
            }
        }

        return TryRest(bytes, ref scanned, end, out frame);
    }

    private bool TryRest(ReadOnlySpan<byte> bytes, ref int scanned, FrameEnd end, out LineFrame frame)
    {
        if (bytes.Length >= Lookahead)
        {
            scanned = 0;
            frame = Cut(bytes);
            return true;
        }

        if (end == FrameEnd.Final && !bytes.IsEmpty)
        {
            scanned = 0;
            int length = EndsWithLineEnd(bytes) ? TrimReturn(bytes, bytes.Length - UnitSize) : TrimReturn(bytes, bytes.Length);
            frame = length <= _rawLimit ? new LineFrame(length, bytes.Length, IsCut: false) : Cut(bytes);
            return true;
        }

        scanned = bytes.Length - (bytes.Length % UnitSize);
        frame = default;
        return false;
    }

    private LineFrame Cut(ReadOnlySpan<byte> bytes)
    {
        int at = _rawLimit;
        if (_encoding == TextEncoding.Utf8)
        {
            int lead = at;
            while (lead > at - 4 && (bytes[lead] & 0xC0) == 0x80)
            {
                lead--;
            }

            at = lead > at - 4 ? lead : at;
        }

        return new LineFrame(at, at, IsCut: true);
    }

    private bool EndsWithLineEnd(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= UnitSize && bytes.Length % UnitSize == 0 && UnitAt(bytes, bytes.Length - UnitSize) == '\n';

    private int TrimReturn(ReadOnlySpan<byte> bytes, int end) =>
        end >= UnitSize && end % UnitSize == 0 && UnitAt(bytes, end - UnitSize) == '\r' ? end - UnitSize : end;

    private int UnitAt(ReadOnlySpan<byte> bytes, int offset) => _encoding switch
    {
        TextEncoding.Utf16 => bytes[offset] | (bytes[offset + 1] << 8),
        TextEncoding.Utf16BigEndian => (bytes[offset] << 8) | bytes[offset + 1],
        _ => bytes[offset],
    };

    private int IndexOfLineEnd(ReadOnlySpan<byte> bytes, int from)
    {
        if (!IsUtf16)
        {
            int index = bytes[from..].IndexOf((byte)'\n');
            return index < 0 ? -1 : from + index;
        }

        from &= ~1;
        int unit = MemoryMarshal.Cast<byte, ushort>(bytes[from..]).IndexOf(LineEndUnit);
        return unit < 0 ? -1 : from + (2 * unit);
    }

    /// <summary>The offset behind the last line end; 0 without one.</summary>
    private int LastIndexOfLineEnd(ReadOnlySpan<byte> bytes) =>
        IsUtf16
            ? 2 * (MemoryMarshal.Cast<byte, ushort>(bytes).LastIndexOf(LineEndUnit) + 1)
            : bytes.LastIndexOf((byte)'\n') + 1;

    private ushort LineEndUnit =>
        _encoding == TextEncoding.Utf16 == BitConverter.IsLittleEndian ? (ushort)0x000A : (ushort)0x0A00;

    private bool IsStart(ReadOnlySpan<byte> line)
    {
        char[] rented = ArrayPool<char>.Shared.Rent(line.Length);
        try
        {
            int length = (_encoding switch
            {
                TextEncoding.Utf16 => Encoding.Unicode,
                TextEncoding.Utf16BigEndian => Encoding.BigEndianUnicode,
                TextEncoding.Latin1 => Encoding.Latin1,
                _ => Encoding.UTF8,
            }).GetChars(line, rented);

            // A line that cannot be judged in time starts nothing.
            return _start!.IsMatch(rented.AsSpan(0, length).TrimStart('\0')) == true;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
