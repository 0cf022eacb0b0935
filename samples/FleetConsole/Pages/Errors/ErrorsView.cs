using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Errors;

/// <summary>What of the errors is looked at, as an address has it.</summary>
public sealed record ErrorsView
{
    private const int MaxBars = 400;
    private static readonly int[] BucketMinutes = [1, 5, 15, 60, 240, 1_440];

    public ViewRange Range { get; init; } = ViewRange.Default;

    /// <summary>Minutes of a bar; null for what suits the range.</summary>
    public int? BucketChoice { get; init; }

    public string? Segment { get; init; }

    public string? EventType { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c>, or <c>none</c>.</summary>
    public string Compare { get; init; } = "day";

    /// <summary>Whether all templates are listed.</summary>
    public bool ShowsAll { get; init; }

    public TimeSpan Bucket => TimeSpan.FromMinutes(BucketChoice ?? Suits(Range.Length));

    /// <summary>How much earlier what it is compared with lies; null for no comparison.</summary>
    public TimeSpan? Shift => Compare switch
    {
        "hour" => TimeSpan.FromHours(1),
        "day" => TimeSpan.FromDays(1),
        "week" => TimeSpan.FromDays(7),
        _ => null,
    };

    public string CompareText => Compare switch { "hour" => "the hour before", "day" => "the day before", "week" => "the week before", _ => "" };

    /// <summary>The bars that one may choose for the range.</summary>
    public IEnumerable<int> Buckets => BucketMinutes.Where(minutes => Range.Length.TotalMinutes / minutes is >= 2 and <= MaxBars);

    /// <exception cref="ViewException">The address asks for what cannot be.</exception>
    public static ErrorsView Parse(IQueryCollection query)
    {
        string compare = query["compare"] is [{ Length: > 0 } text] ? text : "day";
        var view = new ErrorsView
        {
            Range = ViewRange.Parse(query["range"], query["from"], query["to"]),
            Segment = NullIfEmpty(query["segment"]),
            EventType = NullIfEmpty(query["type"]),
            ShowsAll = query["all"] == "1",
            Compare = compare is "hour" or "day" or "week" or "none" ? compare : throw new ViewException("'compare' is hour, day, week or none."),
        };
        if (NullIfEmpty(query["bucket"]) is not { } bucket)
        {
            return view;
        }

        return int.TryParse(bucket, out int minutes) && BucketMinutes.Contains(minutes)
            ? view.Range.Length.TotalMinutes / minutes <= MaxBars
                ? view with { BucketChoice = minutes }
                : throw new ViewException($"Bars of {minutes} min are too many for this range: at most {MaxBars}. Take longer ones, or leave 'bucket' out.")
            : throw new ViewException($"'bucket' is one of {string.Join(", ", BucketMinutes)} minutes.");
    }

    public ErrorQuery Query(DateTimeOffset now) => new(Range.At(now, Bucket)) { Bucket = Bucket, Segment = Segment, EventType = EventType };

    public string Href(string path = "/") => Address.Of(path,
    [
        .. Range.Parameters,
        new("bucket", BucketChoice?.ToString()),
        new("segment", Segment),
        new("type", EventType),
        new("compare", Compare == "day" ? null : Compare),
        new("all", ShowsAll ? "1" : null),
    ]);

    /// <summary>The view of one bar.</summary>
    public ErrorsView Of(DateTimeOffset start) => this with { Range = ViewRange.Of(new TimeRange(start, start + Bucket)), BucketChoice = null };

    private static int Suits(TimeSpan length) => length.TotalMinutes switch { <= 90 => 1, <= 720 => 5, <= 60 * 24 * 10 => 60, <= 60 * 24 * 60 => 240, _ => 1_440 };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
