using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace IotOps.Logs.Reading;

/// <summary>Reads the time an event begins with. One a group of files, used by one thread.</summary>
internal sealed class TimestampReader
{
    private const int MaxCustomLength = 80;

    private readonly JsonField? _field;
    private readonly bool _isEpoch;
    private readonly byte[] _prefix;
    private readonly string _format;
    private readonly TimeZoneInfo _zone;
    private readonly bool _hasOffset;
    private readonly string? _formatWithoutZone;
    private readonly bool _hasYear;
    private readonly int _longest;
    private int _lastLength;
    private long _zoneHour = long.MinValue;
    private long _zoneOffsetTicks;

    /// <exception cref="ArgumentException">The format is no date and time format.</exception>
    public TimestampReader(LogTimestampOptions options)
    {
        _prefix = Encoding.UTF8.GetBytes(options.Prefix);
        _format = options.Format;
        _zone = options.TimeZone;
        _field = options.JsonField is null ? null : new JsonField(options.JsonField);
        _isEpoch = EpochTime.IsFormat(_format);
        if (_isEpoch || _format is "iso8601" or "syslog")
        {
            return;
        }

        string fields = WithoutLiterals(_format);
        _hasOffset = fields.AsSpan().ContainsAny('z', 'K');
        _formatWithoutZone = fields.Contains('K', StringComparison.Ordinal) ? WithoutZone(_format) : null;
        _hasYear = fields.Contains('y', StringComparison.Ordinal);
        try
        {
            // The longest names of a month and a day, and the longest number of a month, that a format can bring.
            var named = new DateTimeOffset(2023, 9, 27, 23, 59, 59, 999, TimeSpan.FromHours(12));
            var numbered = new DateTimeOffset(2023, 12, 27, 23, 59, 59, 999, TimeSpan.FromHours(12));
            _longest = Math.Max(named.ToString(_format).Length, numbered.ToString(_format).Length);
            if (fields.Length < 2 || _longest > MaxCustomLength)
            {
                throw new FormatException();
            }
        }
        catch (FormatException e)
        {
            throw new ArgumentException(
                $"The timestamp format '{_format}' is not one: use iso8601, syslog, epoch, epoch-s, epoch-ms, epoch-us, epoch-ns or a .NET custom format such as yyyy-MM-dd HH:mm:ss.", nameof(options), e);
        }
    }

    /// <summary>Milliseconds since 1970 UTC of the time at the event's start, or in its JSON field; null without one.</summary>
    public long? Read(ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        text = _field is null ? text : _field.Find(text);
        if (_prefix.Length > 0 && text.StartsWith(_prefix))
        {
            text = text[_prefix.Length..];
        }

        if (_isEpoch)
        {
            return EpochTime.Read(text, _format);
        }

        long ticks;
        bool read = _format switch
        {
            "iso8601" => TryIso(text, out ticks, out long? offset) && ToUtc(ref ticks, offset),
            "syslog" => TrySyslog(text, now, out ticks),
            _ => TryCustom(text, now, out ticks),
        };
        return read ? (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond : null;
    }

    private static bool TryIso(ReadOnlySpan<byte> text, out long ticks, out long? offset)
    {
        ticks = 0;
        offset = null;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':'
            || (text[10] != 'T' && text[10] != ' ' && text[10] != 't'))
        {
            return false;
        }

        int year = (Two(text, 0) * 100) + Two(text, 2);
        int month = Two(text, 5), day = Two(text, 8), hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        if (!TryTicks(year, month, day, hour, minute, second, out ticks))
        {
            return false;
        }

        int i = 19;
        if (i + 1 < text.Length && text[i] is (byte)'.' or (byte)',' && char.IsAsciiDigit((char)text[i + 1]))
        {
            long fraction = 0;
            int digits = 0;
            for (i++; i < text.Length && char.IsAsciiDigit((char)text[i]); i++)
            {
                if (digits < 7)
                {
                    fraction = (fraction * 10) + (text[i] - '0');
                    digits++;
                }
            }

            for (; digits < 7; digits++)
            {
                fraction *= 10;
            }

            ticks += fraction;
        }

        offset = Offset(text[i..]);
        return true;
    }

    private static long? Offset(ReadOnlySpan<byte> text)
    {
        bool isApart = text is [(byte)' ', ..];
        if (isApart)
        {
            text = text[1..];
        }

        if ((!isApart && text is [(byte)'Z' or (byte)'z', ..]) || IsWord(text, "Z"u8) || IsWord(text, "UTC"u8) || IsWord(text, "GMT"u8))
        {
            return 0;
        }

        // Behind a space a lone number with a sign is a value: "-12 dBm" is no zone, "-12:00" and "-1200" are.
        if (text is not [(byte)'+' or (byte)'-', _, _, ..] || (isApart && !HasMinutes(text)))
        {
            return null;
        }

        int hours = Two(text, 1);
        int at = text.Length > 3 && text[3] == ':' ? 4 : 3;
        int minutes = text.Length >= at + 2 ? Two(text, at) : 0;
        if (hours is < 0 or > 14)
        {
            return null;
        }

        long ticks = (hours * TimeSpan.TicksPerHour) + (minutes is >= 0 and < 60 ? minutes * TimeSpan.TicksPerMinute : 0);
        return text[0] == '-' ? -ticks : ticks;
    }

    private static bool HasMinutes(ReadOnlySpan<byte> text)
    {
        int at = text.Length > 3 && text[3] == ':' ? 4 : 3;
        return text.Length >= at + 2 && Two(text, at) >= 0 && (text.Length == at + 2 || !char.IsAsciiLetterOrDigit((char)text[at + 2]));
    }

    private static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.StartsWith(word) && (text.Length == word.Length || !char.IsAsciiLetterOrDigit((char)text[word.Length]));

    private bool TrySyslog(ReadOnlySpan<byte> text, DateTimeOffset now, out long ticks)
    {
        ticks = 0;
        if (text is [(byte)'<', ..])
        {
            int end = text[..Math.Min(text.Length, 5)].IndexOf((byte)'>');
            text = end < 0 ? text : text[(end + 1)..];
        }

        if (text.Length < 14 || text[3] != ' ')
        {
            return false;
        }

        int month = ("JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(text[..3]) / 3) + 1;
        if (!"JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((month - 1) * 3, 3).SequenceEqual(text[..3]))
        {
            return false;
        }

        // "Oct  1", "Oct 01" and "Oct 1" are all in use.
        text = text[4] == ' ' ? text[5..] : text[4..];
        int digits = text.Length > 1 && char.IsAsciiDigit((char)text[1]) ? 2 : 1;
        int day = digits == 2 ? Two(text, 0) : text[0] - '0';
        text = text[digits..];
        if (text.Length < 9 || text[0] != ' ' || text[3] != ':' || text[6] != ':')
        {
            return false;
        }

        return Nearest(now, month, day, Two(text, 1), Two(text, 4), Two(text, 7), 0, out ticks);
    }

    /// <summary>The year that brings a date nearest to now: December's lines are read in January.</summary>
    private bool Nearest(DateTimeOffset now, int month, int day, int hour, int minute, int second, long fraction, out long ticks)
    {
        ticks = 0;
        long best = long.MaxValue;
        for (int year = now.UtcDateTime.Year - 1; year <= now.UtcDateTime.Year + 1; year++)
        {
            if (TryTicks(year, month, day, hour, minute, second, out long candidate) && ToUtc(ref candidate, null)
                && Math.Abs(candidate - now.UtcTicks) < best)
            {
                best = Math.Abs(candidate - now.UtcTicks);
                ticks = candidate + fraction;
            }
        }

        return best != long.MaxValue;
    }

    private bool TryCustom(ReadOnlySpan<byte> text, DateTimeOffset now, out long ticks)
    {
        Span<char> buffer = stackalloc char[MaxCustomLength];
        text = text[..Math.Min(text.Length, Math.Min(_longest, MaxCustomLength))];
        Utf8.ToUtf16(text, buffer, out _, out int length, replaceInvalidSequences: true);
        ReadOnlySpan<char> leading = buffer[..length];

        // A line's time mostly has the length that the one before had.
        if (_lastLength > 0 && _lastLength <= length && TryCustom(leading[.._lastLength], now, out ticks))
        {
            return true;
        }

        for (; length > 0; length--)
        {
            if (TryCustom(leading[..length], now, out ticks))
            {
                _lastLength = length;
                return true;
            }
        }

        ticks = 0;
        return false;
    }

    private bool TryCustom(ReadOnlySpan<char> text, DateTimeOffset now, out long ticks)
    {
        // K stands for a zone, and for none: then the time is in the zone of times that carry none.
        if (_formatWithoutZone is not null
            && DateTime.TryParseExact(text, _formatWithoutZone, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime bare))
        {
            ticks = bare.Ticks;
            return ToUtc(ref ticks, null);
        }

        if (_hasOffset)
        {
            bool parsed = DateTimeOffset.TryParseExact(text, _format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset exact);
            ticks = exact.UtcTicks;
            return parsed;
        }

        if (!DateTime.TryParseExact(text, _format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            ticks = 0;
            return false;
        }

        ticks = local.Ticks;
        return _hasYear
            ? ToUtc(ref ticks, null)
            : Nearest(now, local.Month, local.Day, local.Hour, local.Minute, local.Second, ticks % TimeSpan.TicksPerSecond, out ticks);
    }

    private bool ToUtc(ref long ticks, long? offset)
    {
        if (offset is null)
        {
            // Zone rules change on the hour (or half), so one look-up serves many lines.
            long halfHour = ticks / (TimeSpan.TicksPerHour / 2);
            if (halfHour != _zoneHour)
            {
                _zoneOffsetTicks = _zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Unspecified)).Ticks;
                _zoneHour = halfHour;
            }

            offset = _zoneOffsetTicks;
        }

        ticks -= offset.Value;
        return ticks is > 0 && ticks < DateTime.MaxValue.Ticks;
    }

    private static bool TryTicks(int year, int month, int day, int hour, int minute, int second, out long ticks)
    {
        ticks = 0;
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return false;
        }

        ticks = new DateTime(year, month, day).Ticks + (hour * TimeSpan.TicksPerHour)
            + (minute * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond);
        return true;
    }

    /// <summary>Two digits; far below zero when one is none.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0', ones = text[at + 1] - '0';
        return (uint)tens > 9 || (uint)ones > 9 ? -10_000 : (tens * 10) + ones;
    }

    private static string WithoutLiterals(string format) => Split(format).Fields;

    private static string WithoutZone(string format) => Split(format).WithoutZone.Trim();

    private static (string Fields, string WithoutZone) Split(string format)
    {
        var fields = new StringBuilder();
        var rest = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            bool isField = quote == '\0' && c is not ('\'' or '"' or '\\');
            if (!isField || c != 'K')
            {
                rest.Append(c);
            }

            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == '\\')
            {
                i++;
                rest.Append(i < format.Length ? format[i] : "");
            }
            else
            {
                fields.Append(c);
            }
        }

        return (fields.ToString(), rest.ToString());
    }
}
