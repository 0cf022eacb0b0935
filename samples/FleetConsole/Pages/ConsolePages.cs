using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Pages.Activity;
using IotOps.Samples.FleetConsole.Pages.Connectivity;
using IotOps.Samples.FleetConsole.Pages.Devices;
using IotOps.Samples.FleetConsole.Pages.Errors;
using IotOps.Samples.FleetConsole.Pages.Evidences;
using IotOps.Samples.FleetConsole.Pages.Findings;
using IotOps.Samples.FleetConsole.Pages.Quarantines;
using IotOps.Samples.FleetConsole.Pages.Queries;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>Which address shows which page.</summary>
internal static class ConsolePages
{
    public static void Map(WebApplication app)
    {
        RouteGroupBuilder pages = app.MapGroup("").RequireAuthorization();
        ErrorsEndpoints.Map(pages);
        DeviceEndpoints.Map(pages);
        QuarantineEndpoints.Map(pages);
        QueryEndpoints.Map(pages);
        EvidenceEndpoints.Map(pages);
        pages.MapGet("/connectivity", static (HttpContext context, PageAnswer answer, IConsoleStore store) => answer.ShowAsync<ConnectivityPage, ConnectivityModel>(
            context, "connectivity", async (now, cancellationToken) => await ConnectivityModel.ReadAsync(store, context.Request.Query, now, cancellationToken)));
        pages.MapGet("/findings", static (HttpContext context, PageAnswer answer, IConsoleStore store) => answer.ShowAsync<FindingsPage, FindingsModel>(
            context, "findings", async (now, cancellationToken) => await FindingsModel.ReadAsync(store, context.Request.Query, now, cancellationToken)));
        pages.MapGet("/activity", static (HttpContext context, PageAnswer answer, IConsoleStore store) => answer.ShowAsync<ActivityPage, ActivityModel>(
            context, "activity", async (now, cancellationToken) => await ActivityModel.ReadAsync(store, context.Request.Query, now, cancellationToken)));
        pages.MapFallback(static () => new ProblemResult(StatusCodes.Status404NotFound, "There is nothing here", "The address leads to no page of this console."));
    }
}
