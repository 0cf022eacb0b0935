using System.Globalization;

namespace IotOps.Shadow.Documents;

/// <summary>
/// The value of a JSON number by its digits. Neither double (17 digits) nor decimal (28) tells longer numbers apart, and two documents that
/// seem equal are never sent.
/// </summary>
internal readonly ref struct NumberText
{
    // An exponent of more digits is beyond any sum made here.
    private const int MaxExponentDigits = 15;

    private readonly ReadOnlySpan<char> _whole;
    private readonly ReadOnlySpan<char> _fraction;
    private readonly bool _isNegative;

    // The digits from the first to the last that is not zero, counted over both parts.
    private readonly int _first;
    private readonly int _end;

    // The power of ten of the first digit; null when the exponent is beyond reason.
    private readonly long? _magnitude;

    private NumberText(ReadOnlySpan<char> text)
    {
        _isNegative = text[0] == '-';
        ReadOnlySpan<char> mantissa = _isNegative ? text[1..] : text;
        int e = mantissa.IndexOfAny('e', 'E');
        ReadOnlySpan<char> exponent = e < 0 ? [] : mantissa[(e + 1)..];
        mantissa = e < 0 ? mantissa : mantissa[..e];
        int point = mantissa.IndexOf('.');
        _whole = point < 0 ? mantissa : mantissa[..point];
        _fraction = point < 0 ? [] : mantissa[(point + 1)..];
        _end = _whole.Length + _fraction.Length;
        while (_first < _end && this[_first] == '0')
        {
            _first++;
        }

        while (_end > _first && this[_end - 1] == '0')
        {
            _end--;
        }

        _magnitude = Exponent(exponent) + _whole.Length - _first;
    }

    private bool IsZero => _first == _end;

    private char this[int at] => at < _whole.Length ? _whole[at] : _fraction[at - _whole.Length];

    /// <summary>Whether two numbers, written as JSON allows, have one value.</summary>
    public static bool AreEqual(string one, string other)
    {
        if (one == other)
        {
            return true;
        }

        var left = new NumberText(one);
        var right = new NumberText(other);
        if (left.IsZero || right.IsZero)
        {
            return left.IsZero && right.IsZero;
        }

        if (left._isNegative != right._isNegative || left._magnitude is not { } magnitude || magnitude != right._magnitude || left._end - left._first != right._end - right._first)
        {
            return false;
        }

        for (int i = left._first, j = right._first; i < left._end; i++, j++)
        {
            if (left[i] != right[j])
            {
                return false;
            }
        }

        return true;
    }

    private static long? Exponent(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        bool isNegative = text[0] == '-';
        ReadOnlySpan<char> digits = text.TrimStart("+-").TrimStart('0');
        return digits.Length > MaxExponentDigits ? null
            : digits.IsEmpty ? 0
            : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * (isNegative ? -1 : 1);
    }
}
