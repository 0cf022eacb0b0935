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

        pages.MapGet("/device", static (HttpContext context, PageAnswer answer, IConsoleStore store, QuarantineDesk desk, ConsoleSettings settings, string? name) => answer.ShowAsync<DevicePage, DeviceModel>(
            context, "devices", async (now, cancellationToken) => !string.IsNullOrEmpty(name) && await DeviceModel.ReadAsync(store, name, context.Request.Query, now, cancellationToken) is { } model
                ? model with { CanQuarantine = desk.IsConfigured, LogsLink = settings.LogsOf(name, now) }
                : null));
    }
}
