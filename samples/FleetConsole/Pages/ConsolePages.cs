using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Pages.Devices;
using IotOps.Samples.FleetConsole.Pages.Errors;

namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>Which address shows which page.</summary>
internal static class ConsolePages
{
    public static void Map(WebApplication app)
    {
        RouteGroupBuilder pages = app.MapGroup("").RequireAuthorization();
        ErrorsEndpoints.Map(pages);
        DeviceEndpoints.Map(pages);
        pages.MapFallback(static () => new ProblemResult(StatusCodes.Status404NotFound, "There is nothing here", "The address leads to no page of this console."));
    }
}
