using System.Globalization;
using IotOps.Archive.Layout;

namespace IotOps.Archive.Exporting;

/// <summary>Which days an export is about, by whose clocks, and which hours of each.</summary>
internal sealed record ExportDays(DateOnly First, DateOnly Last, string? TimeZone, TimeOnly? FromTime, TimeOnly? UntilTime)
{
    /// <summary>A zone and hours in words, where they are not all of UTC.</summary>
    public string Words =>
        (FromTime is null && UntilTime is null ? "" : $", {Text(FromTime ?? TimeOnly.MinValue)} to {(UntilTime is { } until ? Text(until) : "24:00")}")
        + (TimeZone is null ? "" : $", {TimeZone}");

    /// <summary>The days for whoever asked: <c>on 2023-10-01 (UTC)</c>.</summary>
    public string Sentence
    {
        get
        {
            string days = First == Last
                ? string.Create(CultureInfo.InvariantCulture, $"on {First:yyyy-MM-dd}")
                : string.Create(CultureInfo.InvariantCulture, $"from {First:yyyy-MM-dd} to {Last:yyyy-MM-dd}");
            string hours = FromTime is null && UntilTime is null ? "" : $" between {Text(FromTime ?? TimeOnly.MinValue)} and {(UntilTime is { } until ? Text(until) : "24:00")}";
            return $"{days}{hours} ({TimeZone ?? "UTC"})";
        }
    }

    /// <summary>What a day is in UTC.</summary>
    public TimeWindow WindowOf(DateOnly day) => TimeWindow.Of(day, TimeZones.Find(TimeZone), FromTime, UntilTime);

    private static string Text(TimeOnly time) => time.ToString(time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
}
