using System.Buffers;

namespace IotOps.Archive.Records;

/// <summary>
/// Splits decoded bytes into records: JSON objects with newlines between them, with nothing, NULs or commas between them, over several lines, or in
/// one array. What cannot be read costs itself: behind it the scanner goes on at the next place where a record can begin. One
/// object's bytes are given block by block; not thread-safe.
/// </summary>
/// <param name="filter">Which records are wanted; null wants all, and opens no arrays.</param>
/// <param name="sink">Takes what was found.</param>
/// <param name="longestRecord">Bytes of the longest record that is read.</param>
internal sealed class RecordScanner(RecordFilter? filter, IRecordSink sink, int longestRecord = RecordScanner.LongestRecord) : IRecordReader
{
    /// <summary>Bytes of the longest record that is read; what is longer is left out as unreadable.</summary>
    public const int LongestRecord = 16 << 20;

    /// <summary>Blanks that are looked over for what follows them; behind more nothing follows. They wait in memory meanwhile.</summary>
    public const int LongestGap = 64 << 10;

    private const int LookedAtAgain = 4_096;

    // Whatever a program, or RFC 7464, puts between records.
    private static readonly SearchValues<byte> Blanks = SearchValues.Create([.. Enumerable.Range(0, 33).Select(b => (byte)b)]);

    private readonly RecordParser _parser = new(filter);
    private readonly Resync _resync = new();
    private readonly ElementChain _chain = new();
    private readonly ArrayNesting _arrays = new();

    private RecordCounts _counts;
    private State _state;
    private RecordVerdict _brokenAs;
    private long _brokenBytes;

    // Length of a record that is read whole, when what follows it is not here yet.
    private int _whole;

    // The record under way begins where a broken one may have ended: what follows it must fit, too.
    private bool _isDoubted;
    private bool _isBehindRecord;
    private bool _hasLookedInside;

    private enum State : byte
    {
        Between,
        InRecord,
        InLongRecord,
        Broken,
    }

    public bool IsClean => _state == State.Between && _arrays.IsOutside && !_isDoubted;

    public RecordCounts TakeCounts()
    {
        RecordCounts counts = _counts;
        _counts = default;
        return counts;
    }

    public int Scan(ReadOnlySpan<byte> block, bool isLast)
    {
        int at = 0;
        int lineEnd = -1;
        bool goesOn = true;
        while (at < block.Length && goesOn)
        {
            ReadOnlySpan<byte> rest = block[at..];
            if (lineEnd < at)
            {
                int newline = rest.IndexOf((byte)'\n');
                lineEnd = newline < 0 ? int.MaxValue : at + newline;
            }

            goesOn = Step(rest, lineEnd == int.MaxValue ? -1 : lineEnd - at, isLast, out int used);
            at += used;
        }

        if (isLast && _state is (State.Broken or State.InLongRecord))
        {
            EndBroken();
        }

        return at;
    }

    // Tells how many bytes are done with, and whether it can go on without more of them.
    private bool Step(ReadOnlySpan<byte> rest, int line, bool isLast, out int used) => _state switch
    {
        State.Between => ScanBetween(rest, line, isLast, out used),
        State.Broken => ScanBroken(rest, isLast, out used),
        _ => ScanRecord(rest, isLast, out used),
    };

    private bool ScanBetween(ReadOnlySpan<byte> rest, int line, bool isLast, out int used)
    {
        used = rest.IndexOfAnyExcept(Blanks);
        used = used < 0 ? rest.Length : used;
        if (used > 0)
        {
            _isBehindRecord &= line < 0 || line >= used;
            sink.Between(rest[..used]);
            return true;
        }

        switch (rest[0])
        {
            case (byte)'{':
                return BeginRecord(rest, line, out used);
            case (byte)'[' when filter is not null:
                bool? isOpened = _arrays.TryOpen(rest, isLast);
                return isOpened is not null && (isOpened == true ? TakeBetween(rest, 1, out used) : BeginRecord(rest, -1, out used));
            case (byte)'[':
                return BeginRecord(rest, -1, out used);
            case (byte)',':
                return TakeBetween(rest, 1, out used);
            case 0xEF when rest.Length < 3 && !isLast:
                return false;
            case 0xEF when rest.StartsWith("\uFEFF"u8):
                return TakeBetween(rest, 3, out used);
            case (byte)']' or (byte)'}' when _arrays.TryClose(rest[0]):
                return TakeBetween(rest, 1, out used);
            default:
                return BeginText(rest, line, out used);
        }
    }

    private bool TakeBetween(ReadOnlySpan<byte> rest, int length, out int used)
    {
        used = length;
        sink.Between(rest[..length]);
        return true;
    }

    private bool BeginRecord(ReadOnlySpan<byte> rest, int line, out int used)
    {
        used = 0;
        if (line > 0 && filter is not null && filter.RulesOut(rest[..line]) && IsOneRecord(rest[..line]))
        {
            used = line;
            Take(rest[..line], RecordVerdict.Unwanted);
            return true;
        }

        _parser.Begin();
        _whole = 0;
        _state = State.InRecord;
        return true;
    }

    // A line of something else than JSON, or what is left of a record whose beginning is lost.
    private bool BeginText(ReadOnlySpan<byte> rest, int line, out int used)
    {
        used = 0;
        BeginBroken(RecordVerdict.NoJson);
        if (line > 0 && !rest[..line].Contains((byte)'{'))
        {
            used = line;
            Break(rest[..line]);
            EndBroken();
            return true;
        }

        _resync.BeginAnywhere(_isBehindRecord);
        return true;
    }

    private bool ScanRecord(ReadOnlySpan<byte> rest, bool isLast, out int used)
    {
        used = 0;
        ParseStep step = _whole > 0 ? ParseStep.Complete : _parser.Parse(rest, isLast);
        return _state == State.InLongRecord
            ? ScanLongRecord(rest, step, out used)
            : step switch
            {
                ParseStep.Complete => TakeWhole(rest, isLast, out used),
                ParseStep.Fault => TryUnwrap(rest, out used) || TakeFault(rest, out used),
                _ => (isLast || rest.Length >= longestRecord) && (TryUnwrap(rest, out used) || TakeUnended(rest, isLast, out used)),
            };
    }

    private bool TakeWhole(ReadOnlySpan<byte> rest, bool isLast, out int used)
    {
        used = 0;
        int length = _parser.At;
        if (_isDoubted)
        {
            bool? isFollowed = IsFollowedByOne(rest[length..], isLast);
            if (isFollowed is null)
            {
                _whole = length;
                return false;
            }

            if (isFollowed == false)
            {
                // A piece of the broken record, such as an element of a list of its.
                return LeaveDoubted(rest, length, out used);
            }
        }

        RecordVerdict verdict = filter is null ? RecordVerdict.Wanted
            : rest[0] != '{' ? RecordVerdict.NoJson
            : filter.Judge(_parser.Facts, rest[..length]);
        if (verdict is RecordVerdict.NoIdentifier or RecordVerdict.NoTime && TryUnwrap(rest, out used))
        {
            return true;
        }

        used = length;
        Take(rest[..length], verdict);
        return true;
    }

    private bool TakeFault(ReadOnlySpan<byte> rest, out int used)
    {
        if (_isDoubted)
        {
            // Looked at again: the next record may begin in what looked like a string.
            return LeaveDoubted(rest, _parser.At <= LookedAtAgain ? 1 : _parser.At, out used);
        }

        BeginBroken(RecordVerdict.NoJson);
        return LeaveFault(rest, out used);
    }

    private bool LeaveDoubted(ReadOnlySpan<byte> rest, int length, out int used)
    {
        used = length;
        BeginBroken(RecordVerdict.NoJson);
        Break(rest[..length]);
        _resync.Skip(rest[..length]);
        return true;
    }

    private bool LeaveFault(ReadOnlySpan<byte> rest, out int used)
    {
        int begins = _resync.Begin(rest, _parser);
        used = begins >= 0 ? begins : _parser.At;
        Break(rest[..used]);
        if (begins >= 0)
        {
            EndBroken();
            _isDoubted = true;
        }

        return true;
    }

    // The bytes end in the middle of it, or it is too long to be kept any longer.
    private bool TakeUnended(ReadOnlySpan<byte> rest, bool isLast, out int used)
    {
        if (!isLast)
        {
            BeginBroken(RecordVerdict.TooLong);
            _state = State.InLongRecord;
            return DropRead(rest, out used);
        }

        BeginBroken(RecordVerdict.NoJson);
        bool looksInside = !_hasLookedInside;
        used = looksInside ? 1 : rest.Length;
        Break(rest[..used]);
        if (looksInside)
        {
            // A list that was cut off may have taken all records behind it for its elements.
            _hasLookedInside = true;
            _resync.BeginInside(rest[0]);
        }

        return true;
    }

    private bool ScanLongRecord(ReadOnlySpan<byte> rest, ParseStep step, out int used)
    {
        switch (step)
        {
            case ParseStep.Complete:
                used = _parser.At;
                Break(rest[..used]);
                EndBroken();
                _isBehindRecord = true;
                return true;
            case ParseStep.Fault:
                _state = State.Broken;
                return LeaveFault(rest, out used);
            default:
                return DropRead(rest, out used) && false;
        }
    }

    private bool DropRead(ReadOnlySpan<byte> rest, out int used)
    {
        used = _parser.Needed;
        Break(rest[..used]);
        _parser.Drop(used);
        return true;
    }

    private bool ScanBroken(ReadOnlySpan<byte> rest, bool isLast, out int used)
    {
        bool isFound = _resync.TryFind(rest, isLast, out used);
        Break(rest[..used]);
        if (isFound)
        {
            EndBroken();
            _isDoubted = rest[used] == '{';
        }

        return isFound;
    }

    // AWS services put their records into an array of an object of their own.
    private bool TryUnwrap(ReadOnlySpan<byte> rest, out int used)
    {
        used = filter is null || rest[0] != '{' ? 0 : _arrays.TryUnwrap(rest);
        if (used > 0)
        {
            _state = State.Between;
            sink.Between(rest[..used]);
        }

        return used > 0;
    }

    private void Take(ReadOnlySpan<byte> record, RecordVerdict verdict)
    {
        _counts.Add(verdict, 1, record.Length);
        sink.Record(record, verdict);
        _state = State.Between;
        _isDoubted = false;
        _isBehindRecord = true;
    }

    private void BeginBroken(RecordVerdict verdict)
    {
        _state = State.Broken;
        _brokenAs = verdict;
        _brokenBytes = 0;
    }

    private void Break(ReadOnlySpan<byte> bytes)
    {
        _brokenBytes += bytes.Length;
        sink.Broken(bytes);
    }

    private void EndBroken()
    {
        _counts.Add(_brokenAs, 1, _brokenBytes);
        sink.BrokenEnd();
        _state = State.Between;
        _isDoubted = false;
        _isBehindRecord = false;
    }

    /// <summary>True where a record has what records have behind them; null when the bytes end before it.</summary>
    private bool? IsFollowedByOne(ReadOnlySpan<byte> rest, bool isLast)
    {
        int next = rest.IndexOfAnyExcept(" \t\r\0"u8);
        if (next is < 0 or > LongestGap)
        {
            return isLast || rest.Length > LongestGap ? true : null;
        }

        if (rest[next] != ',')
        {
            return rest[next] < ' ' || rest[next] is (byte)'{' or (byte)'[' or 0xEF || (rest[next] == ']' && _arrays.IsInside);
        }

        int behind = rest[(next + 1)..].IndexOfAnyExcept(" \t\r\n\0"u8);
        if (behind is < 0 or > LongestGap)
        {
            return isLast || rest.Length - next > LongestGap + 1 ? true : null;
        }

        ReadOnlySpan<byte> following = rest[(next + 1 + behind)..];
        return following[0] != '{' ? false
            : _arrays.IsInside ? true
            : _chain.AreRecords(following, isLast, out _);
    }

    // Good enough to leave a line out by: what it is wrong about was no valid line of records in the first place.
    private static bool IsOneRecord(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" \t\r"u8);
        return line[^1] == (byte)'}'
            && line.IndexOf("}{"u8) < 0
            && line.Count((byte)'{') == line.Count((byte)'}')
            && line.Count((byte)'"') % 2 == 0;
    }
}
