using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Errors;

/// <summary>The addresses of errors.</summary>
internal static class ErrorsEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/", static (HttpContext context, PageAnswer answer, IConsoleStore store) => answer.ShowAsync<ErrorsPage, ErrorsModel>(
            context, "errors", async (now, cancellationToken) => await ErrorsModel.ReadAsync(store, ErrorsView.Parse(context.Request.Query), now, cancellationToken)));
        pages.MapGet("/template/{id:long}", static (HttpContext context, PageAnswer answer, IConsoleStore store, long id) => answer.ShowAsync<TemplatePage, TemplateModel>(
            context, "errors", (now, cancellationToken) => TemplateModel.ReadAsync(store, id, ErrorsView.Parse(context.Request.Query), LineFilter.Parse(context.Request.Query), now, cancellationToken)));
        pages.MapGet("/template/{id:long}/lines.jsonl", LineDownload.WriteAsync);
    }
}
