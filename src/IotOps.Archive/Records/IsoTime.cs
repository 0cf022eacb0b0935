using System.Text;

namespace IotOps.Archive.Records;

/// <summary>
/// Times as RFC 3339 and ISO 8601 write them, and nothing else: <c>2023-10-01T23:59:59.123Z</c>, <c>20231001T235959+0200</c>, a blank for the
/// <c>T</c>, a date alone, hours and minutes alone, <c>24:00</c>, a leap second, and what Java, Go and Ruby put behind (<c>[UTC]</c>, <c> UTC</c>).
/// UTC where no zone is given. See <see href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6"/>.
/// </summary>
internal static class IsoTime
{
    private static readonly long LongestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
    private static readonly long ShortestMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds since 1970, what is finer being cut; null when it is none of these.</summary>
    public static long? Of(ReadOnlySpan<byte> text)
    {
        var cursor = new Cursor(text);
        bool isExtended = text.Length > 4 && text[4] == '-';
        if (!TryDate(ref cursor, isExtended, out long day))
        {
            return null;
        }

        if (cursor.IsAtEnd)
        {
            return day * 86_400_000;
        }

        return cursor.TakeAny("Tt "u8) && TryTime(ref cursor, isExtended, out long ms, out bool isLeap) && TryZone(ref cursor, out int minutes) && cursor.IsAtEnd
            ? Instant((day * 86_400_000) + ms - (minutes * 60_000L), isLeap)
            : null;
    }

    /// <summary>True for digits that are a date, or a date and a time, without anything between: <c>20231001</c>, <c>20231001235959</c>.</summary>
    public static bool IsBasic(ReadOnlySpan<byte> digits)
    {
        var cursor = new Cursor(digits);
        return TryDate(ref cursor, isExtended: false, out _)
            && (cursor.IsAtEnd
                || (cursor.TryDigits(2, out int hour) && hour <= 24 && cursor.TryDigits(2, out int minute) && minute < 60
                    && (cursor.IsAtEnd || (cursor.TryDigits(2, out int second) && second <= 60))));
    }

    private static bool TryDate(ref Cursor cursor, bool isExtended, out long day)
    {
        day = 0;
        if (!cursor.TryDigits(4, out int year) || (isExtended && !cursor.Take('-'))
            || !cursor.TryDigits(2, out int month) || (isExtended && !cursor.Take('-'))
            || !cursor.TryDigits(2, out int dayOfMonth)
            || year == 0 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, dayOfMonth).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return true;
    }

    private static bool TryTime(ref Cursor cursor, bool isExtended, out long ms, out bool isLeap)
    {
        (ms, isLeap) = (0, false);
        int minute = 0, second = 0, fraction = 0;
        if (!cursor.TryDigits(2, out int hour))
        {
            return false;
        }

        if (cursor.IsNext(isExtended))
        {
            if (!cursor.TryDigits(2, out minute))
            {
                return false;
            }

            if (cursor.IsNext(isExtended) && !(cursor.TryDigits(2, out second) && cursor.TryFraction(out fraction)))
            {
                return false;
            }
        }

        isLeap = second == 60;
        if (isLeap)
        {
            // The last instant before it ends: Unix time has no number for it, and it belongs to the day that it ends.
            (second, fraction) = (59, 999);
        }

        ms = ((((hour * 60L) + minute) * 60) + second) * 1_000 + fraction;
        return minute < 60 && second < 60 && (hour < 24 || ms == 86_400_000);
    }

    private static bool TryZone(ref Cursor cursor, out int minutes)
    {
        minutes = 0;
        bool hasBlank = cursor.Take(' ');
        if (hasBlank && (cursor.Take("UTC"u8) || cursor.Take("GMT"u8)))
        {
            return true;
        }

        bool isUtc = cursor.TakeAny("Zz"u8);
        if (!isUtc && cursor.TakeAny("+-"u8))
        {
            int sign = cursor.Last == '-' ? -1 : 1;
            if (!cursor.TryDigits(2, out int hour) || !TryZoneMinute(ref cursor, out int minute) || hour > 23 || minute > 59)
            {
                return false;
            }

            minutes = sign * ((hour * 60) + minute);

            // Go says both: +0000 UTC.
            return cursor.IsAtEnd || cursor.TakeRegion() || (minutes == 0 && cursor.Take(" UTC"u8));
        }

        return isUtc ? !hasBlank && (cursor.IsAtEnd || cursor.TakeRegion()) : !hasBlank;
    }

    private static bool TryZoneMinute(ref Cursor cursor, out int minute)
    {
        minute = 0;
        if (cursor.IsZoneEnd)
        {
            return true;
        }

        cursor.Take(':');
        return cursor.TryDigits(2, out minute);
    }

    private static long? Instant(long ms, bool isLeap)
    {
        // A leap second comes at the end of a UTC day; anywhere else a 60 is a mistake.
        bool isDaysEnd = ((ms % 86_400_000) + 86_400_000) % 86_400_000 == 86_399_999;
        return ms < ShortestMs || ms > LongestMs || (isLeap && !isDaysEnd) ? null : ms;
    }

    private ref struct Cursor(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public readonly bool IsZoneEnd => _rest.IsEmpty || _rest[0] is (byte)'[' or (byte)' ';

        public byte Last { get; private set; }

        public bool Take(char wanted)
        {
            if (_rest.IsEmpty || _rest[0] != wanted)
            {
                return false;
            }

            _rest = _rest[1..];
            return true;
        }

        public bool TakeAny(scoped ReadOnlySpan<byte> wanted)
        {
            if (_rest.IsEmpty || !wanted.Contains(_rest[0]))
            {
                return false;
            }

            Last = _rest[0];
            _rest = _rest[1..];
            return true;
        }

        public bool Take(scoped ReadOnlySpan<byte> wanted)
        {
            if (!_rest.StartsWith(wanted))
            {
                return false;
            }

            _rest = _rest[wanted.Length..];
            return true;
        }

        public bool TryDigits(int count, out int number)
        {
            number = 0;
            if (_rest.Length < count)
            {
                return false;
            }

            foreach (byte digit in _rest[..count])
            {
                if (!char.IsAsciiDigit((char)digit))
                {
                    return false;
                }

                number = (number * 10) + (digit - '0');
            }

            _rest = _rest[count..];
            return true;
        }

        /// <summary>True when another unit follows: behind a colon, or, without one, at once.</summary>
        public bool IsNext(bool isExtended) => isExtended ? Take(':') : !_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]);

        /// <summary>Milliseconds of a fraction, cut; 0 where there is none.</summary>
        public bool TryFraction(out int ms)
        {
            ms = 0;
            if (!TakeAny(".,"u8))
            {
                return true;
            }

            int digits = 0;
            for (; !_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]); _rest = _rest[1..], digits++)
            {
                ms = digits < 3 ? (ms * 10) + (_rest[0] - '0') : ms;
            }

            ms *= digits switch { 1 => 100, 2 => 10, _ => 1 };
            return digits > 0;
        }

        /// <summary>A zone's name behind its offset, as Java's ZonedDateTime has it: <c>[Europe/Berlin]</c>.</summary>
        public bool TakeRegion()
        {
            if (_rest.Length < 3 || _rest[0] != '[' || _rest.IndexOf((byte)']') != _rest.Length - 1 || !Ascii.IsValid(_rest))
            {
                return false;
            }

            _rest = default;
            return true;
        }
    }
}
