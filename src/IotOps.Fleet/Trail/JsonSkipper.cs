using System.Buffers;

namespace IotOps.Fleet.Trail;

/// <summary>
/// Passes over one JSON value that comes in pieces of any size, without holding any of it: for what is too large or is no JSON. It counts braces
/// and brackets outside of texts, and asks no more of them.
/// </summary>
internal sealed class JsonSkipper
{
    private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Outside = SearchValues.Create("\"{}[],"u8);

    private long _depth;
    private bool _isInText;
    private bool _isEscaped;
    private bool _isScalar;

    /// <summary>Begins a value.</summary>
    public void Begin()
    {
        _depth = 0;
        _isInText = false;
        _isEscaped = false;
        _isScalar = false;
    }

    /// <summary>Passes over a piece.</summary>
    /// <param name="data">The value, or what comes next of it.</param>
    /// <param name="count">How much of it belongs to the value. Behind a number or a word the comma or bracket is not part of it.</param>
    /// <returns>Whether the value has ended.</returns>
    public bool Pass(ReadOnlySpan<byte> data, out int count)
    {
        count = 0;
        while (count < data.Length)
        {
            if (_isEscaped)
            {
                _isEscaped = false;
                count++;
                continue;
            }

            int found = data[count..].IndexOfAny(_isInText ? InText : Outside);
            if (found != 0)
            {
                // Whatever begins before a quote or bracket is a number or a word.
                int passed = found < 0 ? data.Length - count : found;
                _isScalar |= _depth == 0 && !_isInText && data.Slice(count, passed).IndexOfAnyExcept(" \t\r\n"u8) >= 0;
                count += passed;
                continue;
            }

            byte special = data[count];
            if (_isInText)
            {
                _isEscaped = special == '\\';
                _isInText = special != '"';
                count++;
                if (!_isInText && _depth == 0)
                {
                    return true;
                }
            }
            else if (special is (byte)'}' or (byte)']' or (byte)',' && _depth == 0)
            {
                return true;
            }
            else if (_isScalar && _depth == 0)
            {
                return true;
            }
            else
            {
                _isInText = special == '"';
                _depth += special switch { (byte)'{' or (byte)'[' => 1, (byte)'}' or (byte)']' => -1, _ => 0 };
                count++;
                if (_depth == 0 && special is (byte)'}' or (byte)']')
                {
                    return true;
                }
            }
        }

        return false;
    }
}
