namespace IotOps.Fleet.Digests;

/// <summary>The range of a validation, UTC.</summary>
/// <param name="Since">Its beginning.</param>
/// <param name="Until">Its end.</param>
/// <param name="Now">Digests later than this do not exist.</param>
internal sealed record DigestRange(DateTimeOffset Since, DateTimeOffset Until, DateTimeOffset Now)
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whether a digest that ends then covers a part of the range, or the hour behind it, in which its last logs may have been delivered.</summary>
    public bool Covers(DateTimeOffset digestEnd) => digestEnd > Since && digestEnd <= Until + Hour;

    /// <summary>The days that the digests, or the logs, lie under.</summary>
    public IEnumerable<DateOnly> Days()
    {
        DateOnly last = DateOnly.FromDateTime((Until + Hour).UtcDateTime);
        for (DateOnly day = DateOnly.FromDateTime(Since.UtcDateTime); day <= last; day = day.AddDays(1))
        {
            yield return day;
        }
    }
}
