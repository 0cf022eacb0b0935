using System.Globalization;
using IotOps.Archive.Records;

namespace IotOps.Archive.Layout;

/// <summary>A category with its prefix understood: what to list for a device and a day, and which records of it count.</summary>
internal sealed class CategoryPrefix
{
    private readonly PrefixTemplate _template;
    private readonly JsonPath? _identifier;
    private readonly JsonPath? _time;

    /// <exception cref="FormatException">The prefix or a path cannot be used.</exception>
    public CategoryPrefix(LogCategory category)
    {
        Category = category;
        _template = new PrefixTemplate(category.Prefix);
        _identifier = category.Identifier is { } identifier ? JsonPath.Parse(identifier) : null;
        _time = category.Time is { } time ? JsonPath.Parse(time) : null;
    }

    public LogCategory Category { get; }

    /// <exception cref="ArgumentException">The category cannot answer for this identifier.</exception>
    public void CheckIdentifier(string identifier)
    {
        bool all = identifier == LogLayout.AllDevices;
        if (all && _template.HasIdentifier)
        {
            throw new ArgumentException(
                $"{identifier} means every device, but category {Category.Name} has a folder for each: name one device.", nameof(identifier));
        }

        if (!all && !_template.HasIdentifier && _identifier is null)
        {
            throw new ArgumentException(
                $"Category {Category.Name} cannot be told apart by device: its prefix has no {{identifier}} and no property is named. Ask for {LogLayout.AllDevices}.",
                nameof(identifier));
        }
    }

    /// <summary>What to list for the records of a day.</summary>
    public IReadOnlyList<ObjectListing> Listings(string identifier, DateOnly day)
    {
        DateTime start = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        DateTime from = Shift(start, -Category.DeliveryDelay);
        DateTime to = Shift(Shift(start, TimeSpan.FromDays(1)), Category.DeliveryDelay);
        if (_template.Step == FolderStep.None)
        {
            string prefix = _template.Expand(Category.Name, identifier, start);
            return [new ObjectListing(prefix, new DateTimeOffset(from).ToUnixTimeMilliseconds(), new DateTimeOffset(to).ToUnixTimeMilliseconds())];
        }

        List<ObjectListing> listings = [];
        for (DateTime folder = Floor(from); folder < to; folder = Next(folder))
        {
            listings.Add(new ObjectListing(_template.Expand(Category.Name, identifier, folder)));
            if (folder >= Floor(DateTime.MaxValue))
            {
                break;
            }
        }

        return listings;
    }

    /// <summary>Which records count; null when all do.</summary>
    public RecordFilter? Filter(string identifier, DateOnly day)
    {
        JsonPath? identifierPath = identifier == LogLayout.AllDevices || _template.HasIdentifier ? null : _identifier;
        if (identifierPath is null && _time is null)
        {
            return null;
        }

        long start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
        return new RecordFilter(identifierPath, identifier, _time, start, start + (long)TimeSpan.FromDays(1).TotalMilliseconds);
    }

    /// <summary>Name of the file in the zip: <c>telemetry_20231001.log</c>.</summary>
    public string EntryName(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{Category.Name}_{day:yyyyMMdd}.log");

    /// <summary>Name of the file with what could not be read of them: <c>telemetry_20231001.unreadable.log</c>.</summary>
    public string UnreadableName(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{Category.Name}_{day:yyyyMMdd}.unreadable.log");

    // The ends of the calendar have no neighbours.
    private static DateTime Shift(DateTime time, TimeSpan by) =>
        by < TimeSpan.Zero && time - DateTime.MinValue < -by ? DateTime.MinValue
        : by > TimeSpan.Zero && DateTime.MaxValue - time < by ? DateTime.MaxValue
        : time + by;

    private DateTime Floor(DateTime time) => _template.Step switch
    {
        FolderStep.Hour => time.Date.AddHours(time.Hour),
        FolderStep.Day => time.Date,
        FolderStep.Month => new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        _ => new DateTime(time.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };

    private DateTime Next(DateTime folder) => _template.Step switch
    {
        FolderStep.Hour => Shift(folder, TimeSpan.FromHours(1)),
        FolderStep.Day => Shift(folder, TimeSpan.FromDays(1)),
        FolderStep.Month => folder.Year == 9999 && folder.Month == 12 ? DateTime.MaxValue : folder.AddMonths(1),
        _ => folder.Year == 9999 ? DateTime.MaxValue : folder.AddYears(1),
    };
}
