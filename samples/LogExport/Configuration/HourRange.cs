using System.Globalization;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>Hours of a day as people write them: <c>08:00..10:30</c>, <c>8..10</c>, <c>22:00..24:00</c>, <c>..06:00</c>.</summary>
internal readonly record struct HourRange(TimeOnly? From, TimeOnly? Until)
{
    private static readonly string[] Formats = ["H:mm", "HH:mm", "%H", "HH", "HH:mm:ss"];

    /// <exception cref="UsageException">They are none.</exception>
    public static HourRange Parse(string text) => text.Split("..") is [var from, var until] && text.Length > 2
        ? new HourRange(from.Length == 0 ? null : Time(from, text), until is "" or "24" or "24:00" ? null : Time(until, text))
        : throw Wrong(text);

    private static TimeOnly Time(string time, string text) =>
        TimeOnly.TryParseExact(time, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly parsed) ? parsed : throw Wrong(text);

    private static UsageException Wrong(string text) => new($"--hours must be two times such as 08:00..10:30, not '{text}'");
}
