using System.Globalization;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>Days as people write them: <c>2023/10/01</c>, <c>2023-10-01</c>, <c>20231001</c>, and two of them with <c>..</c> between.</summary>
internal readonly record struct DayRange(DateOnly First, DateOnly? Last)
{
    private static readonly string[] Formats = ["yyyy/MM/dd", "yyyy-MM-dd", "yyyyMMdd"];

    /// <exception cref="UsageException">It is no day.</exception>
    public static DayRange Parse(string text)
    {
        string[] ends = text.Split("..", 2);
        return ends is [var first, var last] ? new DayRange(Day(first, text), Day(last, text)) : new DayRange(Day(text, text), null);
    }

    private static DateOnly Day(string day, string text) =>
        DateOnly.TryParseExact(day, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly parsed)
            ? parsed
            : throw new UsageException($"--date must be a day such as 2023/10/01, or two such as 2023/10/01..2023/10/03, not '{text}'");
}
