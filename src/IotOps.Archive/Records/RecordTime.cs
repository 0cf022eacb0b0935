using System.Buffers.Text;
using System.Text.Json;

namespace IotOps.Archive.Records;

/// <summary>
/// A record's time: a number since 1970 in seconds, milliseconds, microseconds or nanoseconds, told by its magnitude, or ISO 8601. What is
/// finer than a millisecond is cut, so that the last nanosecond of a day is that day's.
/// </summary>
internal static class RecordTime
{
    private const int LongestText = 64;

    // 1e11 seconds are the year 5138, as milliseconds they are 1973; the same 1,000 and 1,000,000 times over.
    private const decimal FirstMilliseconds = 1e11m;
    private const decimal FirstMicroseconds = 1e14m;
    private const decimal FirstNanoseconds = 1e17m;
    private const decimal TooLarge = 1e20m;

    /// <summary>Milliseconds since 1970; null when it is no time, or could be several.</summary>
    public static long? Of(JsonValue value)
    {
        if (value.Bytes.Length is 0 or > LongestText)
        {
            return null;
        }

        if (!value.IsEscaped)
        {
            return Of(value.Bytes, value.Kind == JsonTokenType.Number);
        }

        Span<byte> plain = stackalloc byte[LongestText];
        return value.TryUnescape(plain, out int length) ? Of(plain[..length], isNumber: false) : null;
    }

    private static long? Of(ReadOnlySpan<byte> text, bool isNumber)
    {
        // Enough for all times but those with an exponent: 1696118400123, 1696118400.123456.
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<byte> fraction = point < 0 ? default : text[(point + 1)..];
        bool isPlain = whole.Length is > 0 and <= 20 && IsDigits(whole[0] == '-' ? whole[1..] : whole) && (point < 0 || IsDigits(fraction));
        if (isPlain)
        {
            return IsCalendar(whole, isNumber) ? null : OfDigits(whole, fraction);
        }

        return Utf8Parser.TryParse(text, out decimal number, out int consumed, 'e') && consumed == text.Length ? OfNumber(number)
            : isNumber ? null
            : IsoTime.Of(text);
    }

    // 20231001120000 may be a date without its punctuation as well as a number; 20231001 and 202310011200 only where they are texts.
    private static bool IsCalendar(ReadOnlySpan<byte> digits, bool isNumber) =>
        (digits.Length == 14 || (!isNumber && digits.Length is 8 or 12))
        && digits[0] is (byte)'1' or (byte)'2'
        && IsoTime.IsBasic(digits);

    private static long? OfDigits(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction)
    {
        // Beyond a millisecond's part of a second nothing counts, except that a time before 1970 lies before its whole part.
        ReadOnlySpan<byte> counted = fraction[..Math.Min(fraction.Length, 9)];
        Span<byte> text = stackalloc byte[32];
        whole.CopyTo(text);
        text[whole.Length] = (byte)'.';
        counted.CopyTo(text[(whole.Length + 1)..]);
        int length = whole.Length + (counted.IsEmpty ? 0 : 1 + counted.Length);
        return Utf8Parser.TryParse(text[..length], out decimal number, out int consumed) && consumed == length ? OfNumber(number) : null;
    }

    private static long? OfNumber(decimal number) => Math.Abs(number) switch
    {
        >= TooLarge => null,
        >= FirstNanoseconds => (long)Math.Floor(number / 1_000_000),
        >= FirstMicroseconds => (long)Math.Floor(number / 1_000),
        >= FirstMilliseconds => (long)Math.Floor(number),
        _ => (long)Math.Floor(number * 1_000),
    };

    private static bool IsDigits(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
