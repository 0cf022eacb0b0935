using System.Security.Claims;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>Who acts.</summary>
internal sealed record Actor(string Name, string Role, string? Address)
{
    public static Actor Of(HttpContext context) => new(
        context.User.Identity?.Name ?? "unknown", context.User.FindFirstValue(ClaimTypes.Role) ?? "", context.Connection.RemoteIpAddress?.ToString());
}
