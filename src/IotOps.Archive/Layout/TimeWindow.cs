namespace IotOps.Archive.Layout;

/// <summary>A time from a moment on and until another, in UTC.</summary>
internal readonly record struct TimeWindow(DateTime From, DateTime To)
{
    /// <summary>A day, or some hours of it, by the clocks of a zone.</summary>
    public static TimeWindow Of(DateOnly day, TimeZoneInfo zone, TimeOnly? from = null, TimeOnly? until = null)
    {
        DateTime start = TimeZones.First(day.ToDateTime(from ?? TimeOnly.MinValue), zone);
        return new(
            start,
            until is { } end ? TimeZones.Last(day.ToDateTime(end), zone)
                : day == DateOnly.MaxValue ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
                : TimeZones.First(day.AddDays(1).ToDateTime(TimeOnly.MinValue), zone));
    }

    public long FromMs => new DateTimeOffset(From).ToUnixTimeMilliseconds();

    public long ToMs => new DateTimeOffset(To).ToUnixTimeMilliseconds();
}
