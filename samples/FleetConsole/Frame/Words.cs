using System.Globalization;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>Numbers and times as the pages write them.</summary>
internal static class Words
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(long number, string one, string? many = null) => $"{Number(number)} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>Today <c>14:25</c>, before <c>Nov 23 14:25</c>.</summary>
    public static string Time(DateTimeOffset time, DateTimeOffset now, bool hasSeconds = false)
    {
        DateTime utc = time.UtcDateTime;
        return utc.ToString(utc.Date == now.UtcDateTime.Date ? hasSeconds ? "HH:mm:ss" : "HH:mm" : "MMM dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary><c>09:05–15:02</c>, with days where they differ from today.</summary>
    public static string Range(DateTimeOffset since, DateTimeOffset until, DateTimeOffset now) => $"{Time(since, now)}–{Time(until, now)}";

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>3 min 53 s</c>: the two largest units.</summary>
    public static string Length(TimeSpan time)
    {
        time = time.Duration();
        return time.TotalDays >= 1 ? $"{(int)time.TotalDays} d {time.Hours} h"
            : time.TotalHours >= 1 ? $"{time.Hours} h {time.Minutes} min"
            : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
            : $"{time.Seconds} s";
    }

    /// <summary><c>5 min</c>, <c>1 h</c>: a length that is one unit.</summary>
    public static string Unit(TimeSpan time) =>
        time >= TimeSpan.FromDays(1) && time.Ticks % TimeSpan.TicksPerDay == 0 ? $"{(int)time.TotalDays} d"
        : time >= TimeSpan.FromHours(1) && time.Ticks % TimeSpan.TicksPerHour == 0 ? $"{(int)time.TotalHours} h"
        : $"{(int)time.TotalMinutes} min";

    public static string Ago(DateTimeOffset time, DateTimeOffset now) => now >= time ? $"{Length(now - time)} ago" : $"in {Length(time - now)}";

    /// <summary><c>+4 %</c>, or the difference itself where there was nothing before.</summary>
    public static string Change(long now, long before) =>
        before == 0 ? now == 0 ? "±0" : $"+{Number(now)}"
        : now == before ? "±0 %"
        : $"{(now > before ? "+" : "−")}{Math.Abs(100.0 * (now - before) / before).ToString("N0", CultureInfo.InvariantCulture)} %";

    /// <summary>Long identifiers by both ends.</summary>
    public static string Short(string id) => id.Length > 24 ? $"{id[..8]}…{id[^4..]}" : id;
}
