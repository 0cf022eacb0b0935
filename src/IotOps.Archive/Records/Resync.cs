namespace IotOps.Archive.Records;

/// <summary>
/// Finds the next record behind what could not be read. A fault leaves it open whether one stands in a string from there on (a quote is
/// missing, or too many) or not (anything else), so both are followed.
/// </summary>
internal sealed class Resync
{
    private readonly ResyncLexer _asRead = new();
    private readonly ResyncLexer _inverted = new();
    private readonly ContainerStack _open = new();
    private readonly ElementChain _chain = new();
    private bool _isBehindRecord;
    private bool _isColumnZero;

    // Of both lexers: they toggle together, so that one of them is always right.
    private bool _isEscape;

    // Bytes that the first lexer has seen beyond the place where a record may begin, in what was taken for a string.
    private int _ahead;

    // Bytes of a list that no record begins in.
    private int _list;

    /// <summary>Begins at a fault.</summary>
    /// <param name="record">The bytes of the broken record.</param>
    /// <param name="parser">Stands at the fault.</param>
    /// <returns>Where a record begins before the fault, in what was taken for the end of a string; -1 for nowhere.</returns>
    public int Begin(ReadOnlySpan<byte> record, RecordParser parser)
    {
        _isBehindRecord = false;
        bool isBehindString = parser.LastString is not null;
        _asRead.Begin(parser.Open, isInString: false, isBehindString ? (byte)'"' : parser.Previous);
        _inverted.Begin(parser.Open, isInString: false, parser.Previous);
        (int start, int end) = parser.LastString ?? (parser.At, parser.At);
        _isColumnZero = false;
        _ahead = parser.At - start;
        _list = 0;
        _isEscape = false;

        // A record that was cut off in a string: what was read as that string's end begins with the rest of the stream.
        for (int i = start; i < end; i++)
        {
            if (record[i] == '{' && LooksLikeRecord(record[i..], isLast: true) == true && Begins() == Beginning.Yes)
            {
                return i;
            }

            Step(record[i]);
        }

        // Seen so, the quote behind the content opened a string. Where there was no string, a quote before the fault is missing.
        _inverted.Step((byte)'"');
        _ahead = 0;
        return -1;
    }

    /// <summary>Goes on behind what began where a record may begin, and was none.</summary>
    public void Skip(ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            Step(next);
        }
    }

    /// <summary>Begins inside of a record that never ends.</summary>
    public void BeginInside(byte brace)
    {
        _isBehindRecord = false;
        _open.Clear();
        _open.TryPush(brace == '{');
        _asRead.Begin(_open, isInString: false, brace);
        _inverted.Begin(_open, isInString: true, brace);
        _isColumnZero = false;
        _ahead = 0;
        _list = 0;
        _isEscape = false;
    }

    /// <summary>Begins in what is no record.</summary>
    /// <param name="isBehindRecord">A record ended on the same line, right before.</param>
    public void BeginAnywhere(bool isBehindRecord)
    {
        _isBehindRecord = isBehindRecord;
        _asRead.BeginAnywhere(isInString: false);
        _inverted.BeginAnywhere(isInString: true);
        _isColumnZero = false;
        _ahead = 0;
        _list = 0;
        _isEscape = false;
    }

    /// <summary>Goes on.</summary>
    /// <param name="rest">Bytes, beginning where the last call stopped.</param>
    /// <param name="isLast">No bytes follow.</param>
    /// <param name="used">Bytes that belong to no record.</param>
    /// <returns>True when what was broken ends there: a record may begin, or a line has ended with nothing open.</returns>
    public bool TryFind(ReadOnlySpan<byte> rest, bool isLast, out int used)
    {
        for (used = 0; used < rest.Length; used++)
        {
            byte next = rest[used];
            if (_list > 0)
            {
                _list--;
            }
            else if (next == '{')
            {
                bool? isRecord = IsRecord(rest[used..], isLast);
                if (isRecord is null)
                {
                    return false;
                }

                if (isRecord == true)
                {
                    return true;
                }
            }
            else if (next == '\n' && (_asRead.IsOutside || _inverted.IsOutside))
            {
                return true;
            }

            Step(next);
        }

        return false;
    }

    private bool? IsRecord(ReadOnlySpan<byte> rest, bool isLast)
    {
        bool? looksLikeOne = LooksLikeRecord(rest, isLast);
        Beginning begins = looksLikeOne == false ? Beginning.No : Begins();
        if (begins != Beginning.Maybe || looksLikeOne is null)
        {
            return begins == Beginning.No ? false : looksLikeOne;
        }

        bool? areRecords = _chain.AreRecords(rest, isLast, out int length);
        _list = areRecords == false ? length - 1 : 0;
        return areRecords;
    }

    private Beginning Begins()
    {
        Beginning asRead = _ahead > 0 ? Beginning.No : _asRead.Begins(_isColumnZero, _isBehindRecord);
        Beginning inverted = _inverted.Begins(_isColumnZero, _isBehindRecord);
        return asRead > inverted ? asRead : inverted;
    }

    private void Step(byte next)
    {
        bool isPlain = !_isEscape && next != '\\';
        _isEscape = !_isEscape && next == '\\';
        if (isPlain)
        {
            _inverted.Step(next);
            if (_ahead <= 0)
            {
                _asRead.Step(next);
            }
        }

        _ahead = Math.Max(0, _ahead - 1);

        _isColumnZero = next == '\n';
    }

    /// <summary>True for a brace and the quote of a name; null when the bytes end before it.</summary>
    private static bool? LooksLikeRecord(ReadOnlySpan<byte> rest, bool isLast)
    {
        int name = rest[1..].IndexOfAnyExcept(" \t\r\n"u8);
        return name is >= 0 and <= RecordScanner.LongestGap ? rest[1 + name] == '"'
            : isLast || rest.Length > RecordScanner.LongestGap + 1 ? false
            : null;
    }
}
