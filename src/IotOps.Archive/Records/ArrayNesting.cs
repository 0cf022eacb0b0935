namespace IotOps.Archive.Records;

/// <summary>Arrays whose elements are the records: <c>[{...},{...}]</c>, and <c>{"Records":[{...},{...}]}</c> as AWS services write it.</summary>
internal sealed class ArrayNesting
{
    private int _depth;
    private bool _isWrapped;

    /// <summary>True when none is open.</summary>
    public bool IsOutside => _depth == 0 && !_isWrapped;

    /// <summary>True in an array of records, where commas separate them.</summary>
    public bool IsInside => _depth > 0;

    /// <summary>Opens an array when its first element is a record or another array, or there is none; null when the bytes end before it.</summary>
    /// <param name="rest">Begins with the bracket.</param>
    /// <param name="isLast">No bytes follow.</param>
    public bool? TryOpen(ReadOnlySpan<byte> rest, bool isLast)
    {
        int first = SkipBlanks(rest, 1);
        if (first == rest.Length || first > RecordScanner.LongestGap)
        {
            return isLast || rest.Length > RecordScanner.LongestGap ? false : null;
        }

        bool isOpened = rest[first] is (byte)'{' or (byte)'[' or (byte)']';
        _depth += isOpened ? 1 : 0;
        return isOpened;
    }

    /// <summary>Opens the array of an object that has it as its first property; 0 when it is no such object, else the bytes before the first record, or before the end of none.</summary>
    /// <param name="rest">Begins with the brace.</param>
    public int TryUnwrap(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> name = "\"Records\""u8;
        int at = SkipBlanks(rest, 1);
        if (!IsOutside || !rest[at..].StartsWith(name))
        {
            return 0;
        }

        at = SkipBlanks(rest, at + name.Length);
        if (at == rest.Length || rest[at] != ':')
        {
            return 0;
        }

        at = SkipBlanks(rest, at + 1);
        int first = at == rest.Length ? at : SkipBlanks(rest, at + 1);
        if (first == rest.Length || rest[at] != '[' || rest[first] is not ((byte)'{' or (byte)']'))
        {
            return 0;
        }

        _depth = 1;
        _isWrapped = true;
        return first;
    }

    /// <summary>True for the end of what was opened.</summary>
    public bool TryClose(byte end)
    {
        if (end == ']' && _depth > 0)
        {
            _depth--;
            return true;
        }

        bool isWrapperEnd = end == '}' && _isWrapped && _depth == 0;
        _isWrapped &= !isWrapperEnd;
        return isWrapperEnd;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> rest, int from)
    {
        int count = rest[from..].IndexOfAnyExcept(" \t\r\n"u8);
        return count < 0 ? rest.Length : from + count;
    }
}
