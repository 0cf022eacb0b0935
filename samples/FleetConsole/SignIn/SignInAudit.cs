using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>Writes who came in and who did not.</summary>
internal sealed class SignInAudit(IConsoleAudit audit, TimeProvider timeProvider)
{
    public Task GrantedAsync(HttpContext context, string who, string role, string how) => WriteAsync(context, who, role, "sign-in", "granted", how);

    public Task RefusedAsync(HttpContext context, string who, string why) => WriteAsync(context, who, "", "sign-in", "refused", why);

    public Task SignedOutAsync(HttpContext context, string who, string role) => WriteAsync(context, who, role, "sign-out", "done", null);

    private Task WriteAsync(HttpContext context, string who, string role, string act, string outcome, string? detail) => audit.AppendAuditAsync(
        new AuditRow(timeProvider.GetUtcNow(), who, role, act, null, outcome) { Address = context.Connection.RemoteIpAddress?.ToString(), Detail = detail },
        context.RequestAborted);
}
