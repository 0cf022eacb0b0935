namespace IotOps.Fleet.Trail;

/// <summary>
/// The records of one file, <c>{"Records":[...]}</c>, one after the other. What cannot be understood is passed over and reported; the parser goes on
/// behind it where it finds its way back.
/// </summary>
/// <param name="buffer">The file's plain bytes as they come.</param>
/// <param name="fields">Gets where the members of the current record lie.</param>
/// <param name="maxRecordBytes">A longer record is passed over.</param>
/// <param name="report">Gets each problem with its offset in the file.</param>
internal sealed class TrailParser(PlainBuffer buffer, RecordFields fields, int maxRecordBytes, Action<CloudTrailProblemKind, long?, string> report)
{
    private const int LongestName = 64 << 10;

    private readonly JsonSkipper _skipper = new();
    private Expected _expected;
    private bool _isRecords;
    private int _recordsSeen;
    private long _notObjects;
    private int _nextScan;
    private int _record;
    private bool _isLast;

    private enum Expected
    {
        Start,
        NameOrEnd,
        Name,
        Colon,
        Value,
        SkippedValue,
        CommaOrEnd,
        ElementOrEnd,
        Element,
        SkippedElement,
        ElementCommaOrEnd,
        Nothing,
        Ended,
    }

    /// <summary>The current record.</summary>
    public ReadOnlyMemory<byte> Record => buffer.Bytes.AsMemory(buffer.Start, _record);

    /// <summary>Begins a file.</summary>
    public void Begin()
    {
        _expected = Expected.Start;
        _recordsSeen = 0;
        _notObjects = 0;
        _record = 0;
        _nextScan = 0;
    }

    /// <summary>Goes to the next record.</summary>
    /// <param name="isLast">Whether nothing comes behind what the buffer holds.</param>
    /// <param name="isTold">Whether a sudden end was reported already, by whoever filled the buffer.</param>
    public ParseOutcome Next(bool isLast, bool isTold)
    {
        buffer.Pass(_record);
        _record = 0;
        _isLast = isLast;
        while (true)
        {
            ParseOutcome? outcome = _expected switch
            {
                Expected.Start => ReadStart(),
                Expected.NameOrEnd or Expected.Name => ReadName(),
                Expected.Colon => ReadColon(),
                Expected.Value => ReadValue(),
                Expected.SkippedValue => Skip(Expected.CommaOrEnd),
                Expected.CommaOrEnd => ReadComma(),
                Expected.ElementOrEnd or Expected.Element => ReadElement(),
                Expected.SkippedElement => Skip(Expected.ElementCommaOrEnd),
                Expected.ElementCommaOrEnd => ReadElementComma(),
                Expected.Nothing => ReadNothing(),
                _ => ParseOutcome.Ended,
            };
            if (outcome is ParseOutcome.NeedsMore && isLast)
            {
                if (!isTold)
                {
                    report(CloudTrailProblemKind.CutShort, buffer.Passed + buffer.Span.Length, "the file is cut short");
                }

                EndRecords();
                _expected = Expected.Ended;
                return ParseOutcome.Ended;
            }

            if (outcome is { } reached)
            {
                return reached;
            }
        }
    }

    private ParseOutcome? ReadStart()
    {
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        if (buffer.Span.Length < mark.Length && !_isLast)
        {
            return ParseOutcome.NeedsMore;
        }

        if (buffer.Span.StartsWith(mark))
        {
            buffer.Pass(mark.Length);
        }

        return Peek() switch
        {
            -1 => ParseOutcome.NeedsMore,
            '{' => Go(Expected.NameOrEnd, 1),
            _ => Fail("the file is no JSON object"),
        };
    }

    private ParseOutcome? ReadName()
    {
        int first = Peek();
        if (first != '"')
        {
            return first == -1 ? ParseOutcome.NeedsMore
                : first == '}' && _expected == Expected.NameOrEnd ? Go(Expected.Nothing, 1)
                : Fail("a member's name is expected");
        }

        ReadOnlySpan<byte> rest = buffer.Span[1..];
        int length = 0;
        while (true)
        {
            int found = rest[length..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0 || length + found + 1 >= rest.Length)
            {
                return rest.Length > LongestName ? Fail("a member's name does not end") : ParseOutcome.NeedsMore;
            }

            length += found;
            if (rest[length] == '"')
            {
                break;
            }

            length += 2;
        }

        _isRecords = JsonText.Is(rest[..length], "Records"u8);
        return Go(Expected.Colon, length + 2);
    }

    private ParseOutcome? ReadColon() => Peek() switch
    {
        -1 => ParseOutcome.NeedsMore,
        ':' => Go(Expected.Value, 1),
        _ => Fail("a colon is expected"),
    };

    private ParseOutcome? ReadValue()
    {
        int first = Peek();
        if (first == -1)
        {
            return ParseOutcome.NeedsMore;
        }

        if (_isRecords)
        {
            _recordsSeen++;
            if (_recordsSeen == 2)
            {
                report(CloudTrailProblemKind.RecordsTwice, buffer.Passed, "the file has Records twice; all of them are read");
            }

            if (first == '[')
            {
                return Go(Expected.ElementOrEnd, 1);
            }

            report(CloudTrailProblemKind.NoRecords, buffer.Passed, "Records is no array");
        }

        _skipper.Begin();
        return Go(Expected.SkippedValue, 0);
    }

    private ParseOutcome? Skip(Expected next)
    {
        bool hasEnded = _skipper.Pass(buffer.Span, out int count);
        buffer.Pass(count);
        return hasEnded ? Go(next, 0) : ParseOutcome.NeedsMore;
    }

    private ParseOutcome? ReadComma() => Peek() switch
    {
        -1 => ParseOutcome.NeedsMore,
        ',' => Go(Expected.Name, 1),
        '}' => Go(Expected.Nothing, 1),
        _ => Fail("a comma or the end of the object is expected"),
    };

    private ParseOutcome? ReadElement()
    {
        switch (Peek())
        {
            case -1:
                return ParseOutcome.NeedsMore;
            case '{':
                return ReadRecord();
            case ']' when _expected == Expected.ElementOrEnd:
                EndRecords();
                return Go(Expected.CommaOrEnd, 1);
            case ',' or ']' or '}' or ':':
                return Fail("a record is expected");
            default:
                _notObjects++;
                _skipper.Begin();
                return Go(Expected.SkippedElement, 0);
        }
    }

    private ParseOutcome? ReadRecord()
    {
        // A record that comes in pieces is looked at again only when there is twice as much of it.
        int length = buffer.Span.Length;
        if (!_isLast && length < _nextScan && length <= maxRecordBytes)
        {
            return ParseOutcome.NeedsMore;
        }

        ScanOutcome outcome = RecordScanner.Scan(buffer.Bytes, buffer.Start, buffer.End, fields, out int at);
        if (outcome == ScanOutcome.NeedsMore && length <= maxRecordBytes)
        {
            _nextScan = 2 * length;
            return ParseOutcome.NeedsMore;
        }

        _nextScan = 0;
        int scanned = at - buffer.Start;
        if (outcome == ScanOutcome.Whole && scanned <= maxRecordBytes)
        {
            _record = scanned;
            _expected = Expected.ElementCommaOrEnd;
            return ParseOutcome.Record;
        }

        if (outcome == ScanOutcome.Bad)
        {
            report(CloudTrailProblemKind.BadRecord, buffer.Passed + scanned, $"the record at byte {buffer.Passed} is no JSON here, or nested deeper than {RecordScanner.MaxDepth}; it was left out");
        }
        else
        {
            report(CloudTrailProblemKind.RecordTooLong, buffer.Passed, $"the record is longer than {maxRecordBytes} bytes; it was left out");
        }

        _skipper.Begin();
        return Go(Expected.SkippedElement, 0);
    }

    private ParseOutcome? ReadElementComma()
    {
        switch (Peek())
        {
            case -1:
                return ParseOutcome.NeedsMore;
            case ',':
                return Go(Expected.Element, 1);
            case ']':
                EndRecords();
                return Go(Expected.CommaOrEnd, 1);
            default:
                return Fail("a comma or the end of Records is expected");
        }
    }

    private ParseOutcome? ReadNothing()
    {
        int first = Peek();
        if (first == -1 && !_isLast)
        {
            return ParseOutcome.NeedsMore;
        }

        if (first != -1)
        {
            report(CloudTrailProblemKind.TrailingData, buffer.Passed, "something follows the JSON; it was not read");
        }

        if (_recordsSeen == 0)
        {
            report(CloudTrailProblemKind.NoRecords, null, "the file has no Records");
        }

        _expected = Expected.Ended;
        return ParseOutcome.Ended;
    }

    private void EndRecords()
    {
        if (_notObjects > 0)
        {
            report(CloudTrailProblemKind.NotObjects, null, $"{_notObjects} members are no objects; they were left out");
            _notObjects = 0;
        }
    }

    private ParseOutcome? Go(Expected next, int passed)
    {
        buffer.Pass(passed);
        _expected = next;
        return null;
    }

    private ParseOutcome? Fail(string what)
    {
        report(CloudTrailProblemKind.NotJson, buffer.Passed, $"the file is no JSON: {what}; what follows was not read");
        EndRecords();
        _expected = Expected.Ended;
        return ParseOutcome.Ended;
    }

    // The next byte that is no white space; -1 when there is none.
    private int Peek()
    {
        int at = buffer.Span.IndexOfAnyExcept(" \t\r\n"u8);
        buffer.Pass(at < 0 ? buffer.Span.Length : at);
        return at < 0 ? -1 : buffer.Span[0];
    }
}
