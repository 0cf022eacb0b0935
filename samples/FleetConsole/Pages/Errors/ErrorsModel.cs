using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Charts;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Errors;

/// <summary>Errors of a view: what the page shows, and the sentence that sums it up.</summary>
public sealed record ErrorsModel(
    ErrorsView View,
    DateTimeOffset Now,
    TimeRange Range,
    ErrorChart Chart,
    IReadOnlyList<long>? Before,
    IReadOnlyList<TemplateCount> Templates,
    IReadOnlyList<TrailRow> Writes,
    IReadOnlyList<string> Segments) : PageModel
{
    private const int MaxMarks = 30;
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(15);

    /// <summary>The surge that the page is about: the one with most errors; null when there is none.</summary>
    public ErrorSurge? Worst => Chart.Surges.MaxBy(surge => surge.Errors);

    /// <summary>The moment whose quarter of an hour before is looked at: where the surge begins, else where the range does.</summary>
    public DateTimeOffset Focus => Worst?.Start ?? Range.Since;

    /// <summary>What was written in the quarter of an hour before <see cref="Focus"/>, the latest first.</summary>
    public IReadOnlyList<TrailRow> ChangesBefore => [.. Writes.Where(IsBeforeFocus)];

    /// <summary>Flags for the chart: the writes of the range; those before the surge first where there are too many.</summary>
    public IReadOnlyList<ChartMark> Marks =>
    [
        .. Writes.Where(row => row.Time >= Range.Since && row.Time < Range.Until)
            .OrderByDescending(IsBeforeFocus).ThenByDescending(row => row.Time).Take(MaxMarks).OrderBy(row => row.Time)
            .Select((row, i) => new ChartMark(
                i + 1, row.Time, $"Change {i + 1}: {Words.Time(row.Time, Now, hasSeconds: true)} UTC, {row.Actor}: {row.Name} {row.Resource}".TrimEnd(), Activity(row), Worst is not null && IsBeforeFocus(row))),
    ];

    /// <summary>New templates first, then the most frequent.</summary>
    public IReadOnlyList<TemplateCount> Ordered => [.. Templates.OrderByDescending(one => one.IsNew).ThenByDescending(one => one.Errors)];

    /// <summary>The bar with most errors; null when there is no error.</summary>
    public ErrorBar? Peak => Chart.Bars.Where(bar => bar.Errors > 0).MaxBy(bar => bar.Errors);

    /// <summary>What is wrong, in numbers; true as well when nothing is.</summary>
    public string Sentence
    {
        get
        {
            string when = View.Range.MovesOn ? $"in the last {Words.Unit(View.Range.Length)}" : $"from {Words.Range(Range.Since, Range.Until, Now)} UTC";
            if (Chart.Errors == 0)
            {
                return $"No errors {when}.";
            }

            string all = $"{Words.Count(Chart.Errors, "error")} {when}{Compared}";
            if (Worst is not { } surge)
            {
                return $"No surge: {all}.";
            }

            string text = $"{(Chart.Surges.Count == 1 ? "One surge" : $"{Chart.Surges.Count} surges, the worst")}: {Words.Count(surge.Errors, "error")} from {Words.Time(surge.Start, Now)}, {Words.Number((long)Math.Round(surge.Expected))} expected. ";
            if (Templates.Where(one => one.IsNew).MaxBy(one => one.Errors) is { } fresh)
            {
                text += $"{Words.Number(fresh.Errors)} are of one new template. ";
            }

            if (ChangesBefore is [var last, ..])
            {
                text += $"{last.Actor} called {last.Name} {Words.Length(Focus - last.Time)} before. ";
            }

            return $"{text}{all}.";
        }
    }

    /// <summary>Where a record of the trail is shown.</summary>
    public static string Activity(TrailRow row) => Address.Of("/activity",
    [
        new("from", ViewRange.Text(row.Time.AddMinutes(-15))), new("to", ViewRange.Text(row.Time.AddMinutes(15))), new("event", row.EventId),
    ]);

    private string Compared => Before is null ? "" : $", {Words.Change(Chart.Errors, Before.Sum())} beside {View.CompareText}";

    private bool IsBeforeFocus(TrailRow row) => row.Time >= Focus - Lead && row.Time < Focus;

    public static async Task<ErrorsModel> ReadAsync(IConsoleStore store, ErrorsView view, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ErrorQuery query = view.Query(now);
        ErrorChart chart = await store.ReadErrorChartAsync(query, cancellationToken);
        long[]? before = null;
        if (view.Shift is { } shift)
        {
            ErrorChart earlier = await store.ReadErrorChartAsync(query with { Range = query.Range.Before(shift) }, cancellationToken);
            before = [.. earlier.Bars.Select(bar => bar.Errors)];
        }

        IReadOnlyList<TemplateCount> templates = await store.ReadTemplatesAsync(query, view.Shift, cancellationToken);

        // The quarter of an hour before the range belongs to it: a surge may begin with its first bar.
        var trail = new TrailRowQuery(query.Range with { Since = query.Range.Since - Lead }) { IsWritesOnly = true };
        IReadOnlyList<TrailRow> writes = await store.ReadTrailAsync(trail, limit: 200, cancellationToken: cancellationToken);
        return new ErrorsModel(view, now, query.Range, chart, before, templates, writes, await store.ReadSegmentNamesAsync(cancellationToken))
        {
            IsLive = view.Range.MovesOn,
            Permalink = view.Range.MovesOn ? (view with { Range = ViewRange.Of(query.Range) }).Href() : null,
        };
    }
}
