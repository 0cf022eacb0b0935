using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Devices;

/// <summary>The addresses of devices.</summary>
internal static class DeviceEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/devices", static (HttpContext context, PageAnswer answer, IConsoleStore store) => answer.ShowAsync<DevicesPage, DevicesModel>(
            context, "devices", async (now, cancellationToken) => await DevicesModel.ReadAsync(store, context.Request.Query, now, cancellationToken)));

        // Names hold colons and slashes: the rest of the path is the name.
        pages.MapGet("/device/{**thing}", static (HttpContext context, PageAnswer answer, IConsoleStore store, QuarantineDesk desk, ConsoleSettings settings, string thing) => answer.ShowAsync<DevicePage, DeviceModel>(
            context, "devices", async (now, cancellationToken) => await DeviceModel.ReadAsync(store, thing, now, cancellationToken) is { } model
                ? model with { CanQuarantine = desk.IsConfigured, LogsLink = settings.LogsOf(thing, now) }
                : null));
    }
}
