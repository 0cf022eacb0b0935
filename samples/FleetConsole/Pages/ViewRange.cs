using System.Globalization;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>The time that a page is about: so much up to now, which moves on, or from one moment to another.</summary>
public sealed record ViewRange
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>The choices that move on, and how they read.</summary>
    public static IReadOnlyList<(string Name, TimeSpan Length, string Text)> Choices { get; } =
    [
        ("1h", TimeSpan.FromHours(1), "Last hour"),
        ("6h", TimeSpan.FromHours(6), "Last 6 h"),
        ("24h", TimeSpan.FromHours(24), "Last 24 h"),
        ("7d", TimeSpan.FromDays(7), "Last 7 days"),
    ];

    /// <summary>The choice's name; null for a fixed range.</summary>
    public string? Name { get; private init; }

    /// <summary>The fixed range.</summary>
    public TimeRange Fixed { get; private init; }

    public static ViewRange Default { get; } = new() { Name = "6h" };

    public bool MovesOn => Name is not null;

    public static ViewRange Of(TimeRange range) => new() { Fixed = range };

    /// <exception cref="ViewException">The range cannot be.</exception>
    public static ViewRange Parse(string? name, string? from, string? to)
    {
        // A form sends the ends of the range that it was shown with beside the choice that replaces it.
        if (!string.IsNullOrEmpty(name) || (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to)))
        {
            return string.IsNullOrEmpty(name) ? Default
                : Choices.Any(choice => choice.Name == name) ? new ViewRange { Name = name }
                : throw new ViewException($"The range '{name}' is none; it is {string.Join(", ", Choices.Select(choice => choice.Name))}, or from and to.");
        }

        TimeRange range = new(Time("from", from), Time("to", to));
        return range.Until <= range.Since ? throw new ViewException("The range ends before it begins.")
            : range.Length > Longest ? throw new ViewException("The range is longer than a year.")
            : Of(range);
    }

    /// <summary>The range at a moment, as whole buckets.</summary>
    public TimeRange At(DateTimeOffset now, TimeSpan bucket)
    {
        TimeRange range = Name is null ? Fixed : new TimeRange(now - Choices.Single(choice => choice.Name == Name).Length, now);
        return new TimeRange(Floor(range.Since, bucket), Ceiling(range.Until, bucket));
    }

    public TimeSpan Length => Name is null ? Fixed.Length : Choices.Single(choice => choice.Name == Name).Length;

    /// <summary>The part of an address that says it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Parameters =>
        Name is not null ? [new("range", Name == Default.Name ? null : Name)] : [new("from", Text(Fixed.Since)), new("to", Text(Fixed.Until))];

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string name, string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) && time.Year is >= 2000 and < 2200
            ? time
            : throw new ViewException($"'{name}' is a time in UTC such as 2026-11-24T14:00Z.");

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan bucket) => new(time.UtcTicks - (time.UtcTicks % bucket.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset time, TimeSpan bucket) => Floor(time.AddTicks(bucket.Ticks - 1), bucket);
}
