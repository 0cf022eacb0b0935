namespace IotOps.Archive.Records;

/// <summary>
/// Goes through broken JSON byte by byte and tells where a record begins: at a brace where JSON has no place for one. Whether it is in
/// a string is an assumption of its owner's, who has another lexer for the other one.
/// </summary>
internal sealed class ResyncLexer
{
    private readonly ContainerStack _open = new();
    private bool _isInString;
    private byte _previous;
    private bool _isCommaBehindEnd;

    // False when nobody knows what was open where it began.
    private bool _isDepthKnown;

    public bool IsInString => _isInString;

    /// <summary>True when nothing is open.</summary>
    public bool IsOutside => !_isInString && _open.Depth == 0;

    /// <summary>Begins where a record broke.</summary>
    /// <param name="open">What is open there.</param>
    /// <param name="isInString">Whether that place is in a string.</param>
    /// <param name="previous">The byte before.</param>
    public void Begin(ContainerStack open, bool isInString, byte previous)
    {
        _open.CopyFrom(open);
        _isDepthKnown = true;
        Begin(isInString, previous);
    }

    /// <summary>Begins in what is no record.</summary>
    public void BeginAnywhere(bool isInString)
    {
        _open.Clear();
        _isDepthKnown = false;
        Begin(isInString, previous: 0);
    }

    /// <summary>Whether a record begins with this brace, if it is one that a name follows.</summary>
    /// <param name="isColumnZero">A newline is right before it.</param>
    /// <param name="isBehindRecord">What is no record began right behind one.</param>
    public Beginning Begins(bool isColumnZero, bool isBehindRecord)
    {
        if (_isInString)
        {
            return Beginning.No;
        }

        if (_open.Depth == 0)
        {
            return _previous switch
            {
                0 or (byte)'}' => Beginning.Yes,
                (byte)',' => _isDepthKnown && _isCommaBehindEnd ? Beginning.Yes : Beginning.Maybe,
                (byte)':' or (byte)'[' or (byte)'"' => Of(isColumnZero),
                _ => Of(isBehindRecord || isColumnZero),
            };
        }

        if (_open.IsInObject)
        {
            // Of an object's values only the one behind a colon may be an object; nobody breaks a line there and begins the next one at its edge.
            return Of(isColumnZero || _previous != ':');
        }

        // The elements of an array that nothing is around are records.
        return _open.Depth == 1 && _isDepthKnown ? Beginning.Yes
            : _previous == ',' ? Beginning.Maybe
            : Of(_previous != '[');
    }

    /// <summary>Takes a byte that no backslash stands before.</summary>
    public void Step(byte next)
    {
        if (_isInString)
        {
            if (next == '"')
            {
                _isInString = false;
                _previous = next;
            }

            return;
        }

        switch (next)
        {
            case (byte)'"':
                _isInString = true;
                break;
            case (byte)'{' or (byte)'[':
                _open.TryPush(next == '{');
                _previous = next;
                break;
            case (byte)'}' or (byte)']':
                if (_open.Depth > 0)
                {
                    _open.Pop();
                }

                _previous = next;
                break;
            case (byte)',':
                _isCommaBehindEnd = _previous == '}';
                _previous = next;
                break;
            case (byte)'\n' when _open.Depth == 0:
                _previous = 0;
                break;
            case > (byte)' ':
                _previous = next;
                break;
        }
    }

    private static Beginning Of(bool isOne) => isOne ? Beginning.Yes : Beginning.No;

    private void Begin(bool isInString, byte previous)
    {
        _isInString = isInString;
        _previous = previous;
        _isCommaBehindEnd = false;
    }
}
