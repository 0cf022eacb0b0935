using System.Buffers.Text;

namespace IotOps.Fleet.Trail;

/// <summary>Times as CloudTrail writes them.</summary>
internal static class TrailTime
{
    /// <summary>A JSON string; null when it is no time.</summary>
    public static DateTimeOffset? Read(ReadOnlyMemory<byte> raw)
    {
        ReadOnlySpan<byte> text = raw.Span;
        return text switch
        {
            // "2026-01-01T02:03:04Z", which nearly all are.
            [(byte)'"', _, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T', _, _, (byte)':', _, _, (byte)':', _, _, (byte)'Z', (byte)'"']
                when Number(text, 1, 4) is var year && Number(text, 6, 2) is var month && Number(text, 9, 2) is var day
                && Number(text, 12, 2) is var hour && Number(text, 15, 2) is var minute && Number(text, 18, 2) is var second
                && IsTime(year, month, day, hour, minute, second) => new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero),
            [(byte)'"', ..] => JsonText.Time(JsonText.Decode(text)),
            _ => null,
        };
    }

    private static bool IsTime(int year, int month, int day, int hour, int minute, int second) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
        && hour is >= 0 and <= 23 && minute is >= 0 and <= 59 && second is >= 0 and <= 59;

    private static int Number(ReadOnlySpan<byte> text, int start, int length) =>
        Utf8Parser.TryParse(text.Slice(start, length), out uint number, out int read) && read == length ? (int)number : -1;
}
