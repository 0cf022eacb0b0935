using System.Buffers;

namespace IotOps.Archive.Records;

/// <summary>
/// Reads one JSON object or array and finds out what it says of itself, going on where it was when more bytes come. Beyond JSON it
/// takes what devices write and what leaves no doubt where a value ends: NaN and Infinity, numbers such as <c>007</c>, raw control characters and
/// any escapes in strings.
/// </summary>
internal sealed class RecordParser(RecordFilter? filter)
{
    private const int LongestWord = 1_024;

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._"u8);

    private RecordFacts _facts;
    private Expected _expected;
    private int _token;
    private bool _isKey;
    private bool _isEscaped;
    private bool _isEscape;
    private bool _isIdentifierNext;
    private bool _isTimeNext;
    private int _identifierLevel;
    private int _timeLevel;

    private enum Expected : byte
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        StringEnd,
        WordEnd,
    }

    /// <summary>Bytes read: behind a whole record, or at what does not belong there.</summary>
    public int At { get; private set; }

    /// <summary>What is open.</summary>
    public ContainerStack Open { get; } = new();

    /// <summary>The last byte that means something; the one before <see cref="LastString"/> where there is one.</summary>
    public byte Previous { get; private set; }

    /// <summary>Where the content of the string is that was read last, when nothing else was read behind it.</summary>
    public (int Start, int End)? LastString { get; private set; }

    /// <summary>The first byte that must be kept to go on: what came before is read for good.</summary>
    public int Needed => _expected == Expected.WordEnd ? _token : At;

    public RecordFacts Facts => _facts;

    /// <summary>Begins a record.</summary>
    public void Begin()
    {
        At = 0;
        Open.Clear();
        Previous = 0;
        LastString = null;
        _expected = Expected.Value;
        _facts = filter?.NoFacts ?? default;
        _identifierLevel = 0;
        _timeLevel = 0;
        _isIdentifierNext = false;
        _isTimeNext = false;
    }

    /// <summary>Tells that bytes before <see cref="Needed"/> come no more. What the record says of itself is then not asked for any more.</summary>
    public void Drop(int bytes)
    {
        At -= bytes;
        _token -= bytes;
        LastString = null;
    }

    /// <summary>Goes on.</summary>
    /// <param name="record">The record from its first byte that was not dropped.</param>
    /// <param name="isLast">No bytes follow.</param>
    public ParseStep Parse(ReadOnlySpan<byte> record, bool isLast)
    {
        while (true)
        {
            if (_expected == Expected.StringEnd)
            {
                if (!TryEndString(record))
                {
                    return ParseStep.Incomplete;
                }
            }
            else if (_expected == Expected.WordEnd)
            {
                int length = record[At..].IndexOfAnyExcept(WordBytes);
                At = length < 0 ? record.Length : At + length;
                bool isTooLong = At - _token > LongestWord;
                if (length < 0 && !isLast && !isTooLong)
                {
                    return ParseStep.Incomplete;
                }

                if (isTooLong || !TryEndWord(record))
                {
                    At = _token;
                    return ParseStep.Fault;
                }
            }

            while (At < record.Length && record[At] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                At++;
            }

            if (At == record.Length)
            {
                return ParseStep.Incomplete;
            }

            if (!TryTake(record[At]))
            {
                return ParseStep.Fault;
            }

            if (Open.Depth == 0)
            {
                return ParseStep.Complete;
            }
        }
    }

    private bool TryTake(byte next)
    {
        bool isTaken = _expected switch
        {
            Expected.Value => TryBeginValue(next),
            Expected.ValueOrEnd => next == ']' ? End() : TryBeginValue(next),
            Expected.Key => next == '"' && BeginString(isKey: true),
            Expected.KeyOrEnd => next == '}' ? End() : next == '"' && BeginString(isKey: true),
            Expected.Colon => next == ':' && Expect(Expected.Value),
            _ => next switch
            {
                (byte)',' => Expect(Open.IsInObject ? Expected.Key : Expected.Value),
                (byte)'}' => Open.IsInObject && End(),
                (byte)']' => !Open.IsInObject && End(),
                _ => false,
            },
        };
        if (isTaken && _expected is not (Expected.StringEnd or Expected.WordEnd))
        {
            Previous = next;
            LastString = null;
            At++;
        }

        return isTaken;
    }

    private bool TryBeginValue(byte next)
    {
        switch (next)
        {
            case (byte)'"':
                return BeginString(isKey: false);
            case (byte)'{' or (byte)'[':
                return TryOpen(next == '{');
            default:
                _token = At;
                return WordBytes.Contains(next) && Expect(Expected.WordEnd);
        }
    }

    private bool TryOpen(bool isObject)
    {
        int depth = Open.Depth;
        if (!Open.TryPush(isObject))
        {
            return false;
        }

        // Only an object leads further along a path.
        if (isObject && _isIdentifierNext && depth < filter!.IdentifierPath!.Depth)
        {
            _identifierLevel = depth;
        }

        if (isObject && _isTimeNext && depth < filter!.TimePath!.Depth)
        {
            _timeLevel = depth;
        }

        TakeValue(JsonValue.Other, depth);
        return Expect(isObject ? Expected.KeyOrEnd : Expected.ValueOrEnd);
    }

    private bool End()
    {
        Open.Pop();
        int level = Math.Max(0, Open.Depth - 1);
        _identifierLevel = Math.Min(_identifierLevel, level);
        _timeLevel = Math.Min(_timeLevel, level);
        return Expect(Expected.CommaOrEnd);
    }

    private bool Expect(Expected expected)
    {
        _expected = expected;
        return true;
    }

    private bool BeginString(bool isKey)
    {
        At++;
        _token = At;
        _isKey = isKey;
        _isEscaped = false;
        _isEscape = false;
        return Expect(Expected.StringEnd);
    }

    private bool TryEndString(ReadOnlySpan<byte> record)
    {
        while (At < record.Length)
        {
            if (_isEscape)
            {
                _isEscape = false;
                At++;
                continue;
            }

            int length = record[At..].IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0)
            {
                At = record.Length;
                break;
            }

            At += length + 1;
            if (record[At - 1] == '"')
            {
                EndString(record);
                return true;
            }

            _isEscaped = true;
            _isEscape = true;
        }

        return false;
    }

    private void EndString(ReadOnlySpan<byte> record)
    {
        int end = At - 1;
        LastString = _token < 0 ? null : (_token, end);
        if (_token >= 0 && filter is not null)
        {
            var content = JsonValue.String(record[_token..end], _isEscaped);
            if (_isKey)
            {
                TakeKey(content);
            }
            else
            {
                TakeValue(content, Open.Depth);
            }
        }

        Expect(_isKey ? Expected.Colon : Expected.CommaOrEnd);
    }

    private void TakeKey(JsonValue key)
    {
        int level = Open.Depth - 1;
        _isIdentifierNext = filter!.IdentifierPath is { } identifier && _identifierLevel == level && level < identifier.Depth && key.IsText(identifier[level]);
        _isTimeNext = filter.TimePath is { } time && _timeLevel == level && level < time.Depth && key.IsText(time[level]);
    }

    // A value before the path's end says nothing: it leads nowhere.
    private void TakeValue(JsonValue value, int depth)
    {
        if (_isIdentifierNext && depth == filter!.IdentifierPath!.Depth)
        {
            filter.SetIdentifier(ref _facts, value);
        }

        if (_isTimeNext && depth == filter!.TimePath!.Depth)
        {
            filter.SetTime(ref _facts, value);
        }

        _isIdentifierNext = false;
        _isTimeNext = false;
    }

    private bool TryEndWord(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> word = record[_token..At];
        bool isNumber = JsonWord.IsNumber(word);
        if (!isNumber && !JsonWord.IsKnown(word))
        {
            return false;
        }

        if (filter is not null)
        {
            TakeValue(isNumber ? JsonValue.Number(word) : JsonValue.Other, Open.Depth);
        }

        Previous = word[^1];
        LastString = null;
        return Expect(Expected.CommaOrEnd);
    }
}
