using System.Globalization;
using System.Text;

namespace IotOps.Fleet.IotLogs;

/// <summary>Times as the IoT logs write them: <c>2017-08-10 15:37:23.476</c>, in UTC without saying so.</summary>
internal static class LogTime
{
    /// <summary>The time; null when it is none.</summary>
    public static DateTimeOffset? Read(ReadOnlySpan<byte> text)
    {
        if (text.Length == 23 && text[4] == '-' && text[7] == '-' && text[10] is (byte)' ' or (byte)'T' && text[13] == ':' && text[16] == ':' && text[19] == '.'
            && TryNumber(text[..4], out int year) && TryNumber(text[5..7], out int month) && TryNumber(text[8..10], out int day)
            && TryNumber(text[11..13], out int hour) && TryNumber(text[14..16], out int minute) && TryNumber(text[17..19], out int second)
            && TryNumber(text[20..], out int millisecond)
            && year > 0 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60)
        {
            return new DateTimeOffset(year, month, day, hour, minute, second, millisecond, TimeSpan.Zero);
        }

        return DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (10 * number) + digit - '0';
        }

        return true;
    }
}
