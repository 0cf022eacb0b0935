namespace IotOps.Fleet.Search;

/// <summary>When files were written.</summary>
internal readonly record struct TrailRange(DateTimeOffset Since, DateTimeOffset Until)
{
    // A file's name is cut to the minute.
    private static readonly TimeSpan Rounding = TimeSpan.FromMinutes(1);

    /// <summary>Whether a file of that minute may have records of the range; one whose name says nothing may.</summary>
    public bool Has(DateTimeOffset? written) => written is not { } time || (time > Since - Rounding && time < Until);

    /// <summary>The days that the files lie under.</summary>
    public IEnumerable<DateOnly> Days()
    {
        DateOnly last = DateOnly.FromDateTime(Until.UtcDateTime);
        for (DateOnly day = DateOnly.FromDateTime((Since - Rounding).UtcDateTime); day <= last; day = day.AddDays(1))
        {
            yield return day;
        }
    }
}
