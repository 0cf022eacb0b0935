using System.Globalization;
using IotOps.Archive.Records;

namespace IotOps.Archive.Layout;

/// <summary>A category with its prefix understood: what to list for a device and a time, and which records of it count.</summary>
internal sealed class CategoryPrefix
{
    private readonly PrefixTemplate _template;
    private readonly JsonPath? _identifier;
    private readonly JsonPath? _time;
    private readonly TimeZoneInfo _zone;

    /// <exception cref="FormatException">The prefix, a path or the zone cannot be used.</exception>
    public CategoryPrefix(LogCategory category)
    {
        Category = category;
        _template = new PrefixTemplate(category.Prefix);
        _identifier = category.Identifier is { } identifier ? JsonPath.Parse(identifier) : null;
        _time = category.Time is { } time ? JsonPath.Parse(time) : null;
        _zone = TimeZones.Find(category.TimeZone);
        if (_time is null && _template.Step is FolderStep.Month or FolderStep.Year)
        {
            throw new FormatException(
                $"{(_template.Step == FolderStep.Month ? "{MM}" : "{yyyy}")} is its smallest unit of time, so that every day would get all that its folder holds: Time must name the property that tells a record's own time.");
        }
    }

    public LogCategory Category { get; }

    /// <summary>True where each device has objects of its own.</summary>
    public bool HasFolderOfDevice => _template.HasIdentifier;

    /// <exception cref="ArgumentException">The category cannot answer for this identifier.</exception>
    public void CheckIdentifier(string identifier)
    {
        bool all = identifier == LogLayout.AllDevices;
        if (all && _template.HasIdentifier)
        {
            throw new ArgumentException(
                $"{identifier} means every device, but category {Category.Name} has a folder for each: name one device.", nameof(identifier));
        }

        if (_template.HasIdentifier && identifier.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"{identifier} cannot name a folder, and category {Category.Name} has one for each device: a slash in it would lead into another device's.", nameof(identifier));
        }

        if (!all && !_template.HasIdentifier && _identifier is null)
        {
            throw new ArgumentException(
                $"Category {Category.Name} cannot be told apart by device: its prefix has no {{identifier}} and no property is named. Ask for {LogLayout.AllDevices}.",
                nameof(identifier));
        }
    }

    /// <exception cref="ArgumentException">The category's folders hold more than that time, and nothing else tells a record's.</exception>
    public void CheckWindow(TimeWindow window)
    {
        if (_time is null && _template.Step != FolderStep.None && !(IsFolderStart(window.From) && IsFolderStart(window.To)))
        {
            string folder = _template.Step == FolderStep.Hour ? "hour" : "day";
            throw new ArgumentException(
                $"Category {Category.Name} has a folder for each {folder} in {Category.TimeZone ?? "UTC"}, and no property that tells a record's own time: ask for whole {folder}s there.",
                nameof(window));
        }
    }

    /// <summary>What to list for the records of a time.</summary>
    public IReadOnlyList<ObjectListing> Listings(string identifier, TimeWindow window)
    {
        DateTime from = Shift(window.From, -Category.DeliveryDelay);
        DateTime to = Shift(window.To, Category.DeliveryDelay);
        if (_template.Step == FolderStep.None)
        {
            string prefix = _template.Expand(Category.Name, identifier, window.From);
            return [new ObjectListing(prefix, new DateTimeOffset(from).ToUnixTimeMilliseconds(), new DateTimeOffset(to).ToUnixTimeMilliseconds())];
        }

        List<ObjectListing> listings = [];
        DateTime? listed = null;
        foreach (DateTime moment in Moments(from, to))
        {
            DateTime folder = Folder(moment);

            // An hour that a clock shows twice has one folder.
            if (listed is null || folder > listed)
            {
                listings.Add(new ObjectListing(_template.Expand(Category.Name, identifier, folder)));
                listed = folder;
            }
        }

        return listings;
    }

    /// <summary>Which records count; null when all do.</summary>
    public RecordFilter? Filter(string identifier, TimeWindow window, RecordText? text = null)
    {
        JsonPath? identifierPath = identifier == LogLayout.AllDevices || _template.HasIdentifier ? null : _identifier;
        return identifierPath is null && _time is null && text is null
            ? null
            : new RecordFilter(identifierPath, identifier, _time, window.FromMs, window.ToMs, text);
    }

    /// <summary>Name of the file in the zip: <c>telemetry_20231001.log</c>.</summary>
    public string EntryName(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{Category.Name}_{day:yyyyMMdd}.log");

    /// <summary>Name of the file with what could not be read of them: <c>telemetry_20231001.unreadable.log</c>.</summary>
    public string UnreadableName(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{Category.Name}_{day:yyyyMMdd}.unreadable.log");

    // One in each folder at least, the last moment too.
    private IEnumerable<DateTime> Moments(DateTime from, DateTime to)
    {
        TimeSpan step = _template.Step switch
        {
            FolderStep.Hour => TimeSpan.FromMinutes(15),
            FolderStep.Day => TimeSpan.FromHours(1),
            _ => TimeSpan.FromHours(12),
        };
        for (DateTime moment = from; moment < to; moment = Shift(moment, step))
        {
            yield return moment;
            if (moment >= DateTime.MaxValue - step)
            {
                break;
            }
        }

        if (to > from)
        {
            yield return to.AddTicks(-1);
        }
    }

    // The ends of the calendar have no neighbours.
    private static DateTime Shift(DateTime time, TimeSpan by) =>
        by < TimeSpan.Zero && time - DateTime.MinValue < -by ? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)
        : by > TimeSpan.Zero && DateTime.MaxValue - time < by ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
        : time + by;

    private bool IsFolderStart(DateTime utc) =>
        utc.Ticks == 0 || utc >= DateTime.MaxValue || Folder(utc) != Folder(utc.AddTicks(-1));

    private DateTime Folder(DateTime utc)
    {
        DateTime time = TimeZones.ToLocal(utc, _zone);
        return _template.Step switch
        {
            FolderStep.Hour => time.Date.AddHours(time.Hour),
            FolderStep.Day => time.Date,
            FolderStep.Month => new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
            _ => new DateTime(time.Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
        };
    }
}
