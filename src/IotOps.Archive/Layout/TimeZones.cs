namespace IotOps.Archive.Layout;

/// <summary>Zones by their names, and where days and hours of them begin.</summary>
internal static class TimeZones
{
    // Zones move by quarters of an hour at the least.
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>A zone; UTC for null.</summary>
    /// <exception cref="FormatException">There is no such zone on this machine.</exception>
    public static TimeZoneInfo Find(string? name)
    {
        if (name is null)
        {
            return TimeZoneInfo.Utc;
        }

        return name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone)
            ? zone
            : throw new FormatException($"'{name}' is no time zone that this machine knows: an IANA name is, such as Europe/Berlin, where the package tzdata is installed.");
    }

    /// <summary>The first moment that a clock of the zone shows a time or, where it skips that, a later one.</summary>
    public static DateTime First(DateTime local, TimeZoneInfo zone) => ToUtc(local, zone, isFirst: true);

    /// <summary>The last moment of that kind: where a clock is put back it shows a time twice.</summary>
    public static DateTime Last(DateTime local, TimeZoneInfo zone) => ToUtc(local, zone, isFirst: false);

    /// <summary>What a clock of the zone shows; the ends of the calendar stay what they are.</summary>
    public static DateTime ToLocal(DateTime utc, TimeZoneInfo zone)
    {
        TimeSpan offset = zone.GetUtcOffset(utc);
        return offset < TimeSpan.Zero && utc - DateTime.MinValue < -offset ? DateTime.MinValue
            : offset > TimeSpan.Zero && DateTime.MaxValue - utc < offset ? DateTime.MaxValue
            : DateTime.SpecifyKind(utc, DateTimeKind.Unspecified) + offset;
    }

    private static DateTime ToUtc(DateTime local, TimeZoneInfo zone, bool isFirst)
    {
        DateTime shown = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(shown))
        {
            shown += Quarter;
        }

        TimeSpan[] offsets = zone.IsAmbiguousTime(shown) ? zone.GetAmbiguousTimeOffsets(shown) : [zone.GetUtcOffset(shown)];
        TimeSpan offset = isFirst ? offsets.Max() : offsets.Min();
        return offset > TimeSpan.Zero && shown - DateTime.MinValue < offset ? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)
            : offset < TimeSpan.Zero && DateTime.MaxValue - shown < -offset ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
            : DateTime.SpecifyKind(shown - offset, DateTimeKind.Utc);
    }
}
