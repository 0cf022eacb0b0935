using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Security;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Queries;

/// <summary>The addresses of queries: explained and run here by GET, sent to AWS by POST, so that no link of a stranger does.</summary>
internal static class QueryEndpoints
{
    private const int MaxToken = 8_000;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/query", static (HttpContext context, PageAnswer answer, IConsoleStore store, IndexSearch index) => answer.ShowAsync<QueryPage, QueryModel>(
            context, "query", async (_, cancellationToken) => await QueryModel.ReadAsync(store, context.Request.Query, cancellationToken) with { CanSend = index.IsConfigured }));
        pages.MapPost("/query", static (HttpContext context, PageAnswer answer, IndexSearch index) => answer.ShowAsync<QueryPage, QueryModel>(
            context, "query", async (_, cancellationToken) => await SendAsync(context, index, cancellationToken))).AddEndpointFilter<PostFilter>().RequireRateLimiting(RequestLimits.Query);
    }

    private static async Task<QueryModel?> SendAsync(HttpContext context, IndexSearch index, CancellationToken cancellationToken)
    {
        IFormCollection form = await context.Request.ReadFormAsync(cancellationToken);
        string? after = (string?)form["after"] is { Length: > 0 and <= MaxToken } token ? token : null;
        QueryModel model = QueryModel.Parse(form["q"]) with { CanSend = index.IsConfigured };
        model = model with { Permalink = Address.Of("/query", [new("q", model.Text)]) };
        return model.Query is null || !model.CanSend
            ? model
            : model with
            {
                Answer = await index.AskAsync(Actor.Of(context), model.Query, after, cancellationToken),
                Passed = after is not null && int.TryParse(form["passed"], out int passed) ? Math.Clamp(passed, 0, 10_000_000) : 0,
            };
    }
}
