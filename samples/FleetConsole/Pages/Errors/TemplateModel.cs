using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Errors;

/// <summary>One template in a range: how often, from whom, and its lines.</summary>
public sealed record TemplateModel(
    ErrorsView View, LineFilter Filter, DateTimeOffset Now, TimeRange Range, ErrorTemplate Template, ErrorChart Chart, long? Before, ErrorValues Values, LinePage Page) : PageModel
{
    public const int PageSize = 50;

    public string Path => $"/template/{Template.Id}";

    public string Sentence
    {
        get
        {
            string text = $"{Words.Count(Values.Total, "line")} from {Words.Range(Range.Since, Range.Until, Now)} UTC";
            if (Before is { } before)
            {
                text += $", {Words.Change(Values.Total, before)} beside {View.CompareText}";
            }

            return Values.Total == 0 ? $"No line {text[(text.IndexOf(' ', text.IndexOf(' ') + 1) + 1)..]}." : $"{text}, from {Words.Count(Values.Clients.Distinct, "client")} and {Words.Count(Values.Addresses.Distinct, "address", "addresses")}.";
        }
    }

    public static async Task<TemplateModel?> ReadAsync(IConsoleStore store, long id, ErrorsView view, LineFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.FindTemplateAsync(id, cancellationToken) is not { } template)
        {
            return null;
        }

        ErrorQuery query = view.Query(now) with { Template = id };
        ErrorChart chart = await store.ReadErrorChartAsync(query, cancellationToken);
        long? before = view.Shift is { } shift ? (await store.ReadErrorChartAsync(query with { Range = query.Range.Before(shift) }, cancellationToken)).Errors : null;
        ErrorValues values = await store.ReadValuesAsync(query, cancellationToken: cancellationToken);
        LinePage lines = await store.ReadLinesAsync(filter.Query(query), filter.After, PageSize, cancellationToken);
        return new TemplateModel(view, filter, now, query.Range, template, chart, before, values, lines)
        {
            IsLive = view.Range.MovesOn && filter.After is null,
            Permalink = view.Range.MovesOn ? filter.Href(view with { Range = ViewRange.Of(query.Range) }, $"/template/{id}") : null,
        };
    }
}
