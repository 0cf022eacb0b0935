using System.Security.Claims;
using IotOps.Samples.FleetConsole.Store;
using Microsoft.AspNetCore.Antiforgery;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>Stands before each form: only a page of this console, of the same user, can have sent it.</summary>
internal sealed class PostFilter(IAntiforgery antiforgery, IConsoleAudit audit, TimeProvider timeProvider) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http))
        {
            await audit.AppendAuditAsync(
                new AuditRow(timeProvider.GetUtcNow(), http.User.Identity?.Name ?? "unknown", http.User.FindFirstValue(ClaimTypes.Role) ?? "", http.Request.Path, null, "refused")
                {
                    Address = http.Connection.RemoteIpAddress?.ToString(),
                    Detail = "the form is not of this session",
                },
                http.RequestAborted);
            return new ProblemResult(StatusCodes.Status400BadRequest, "The form is not of this session", "Nothing was done. Go back, reload the page, and send it again.");
        }

        return await next(context);
    }
}
