using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>Makes a request's <see cref="PageContext"/>.</summary>
internal sealed class PageFrame(IAntiforgery antiforgery, ConsoleSettings settings)
{
    public const string ThemeCookie = "theme";

    /// <summary>The name of the form field that <see cref="PageContext.FormToken"/> goes into.</summary>
    public const string FormField = "csrf";

    public PageContext Of(HttpContext context, string section) => new()
    {
        Now = settings.TimeProvider.GetUtcNow(),
        Section = section,
        Address = context.Request.Path + context.Request.QueryString.ToString(),
        User = context.User.Identity?.Name,
        Role = context.User.FindFirstValue(ClaimTypes.Role) ?? "",
        HasSession = settings.SignIn.IsConfigured && context.User.Identity?.IsAuthenticated == true,
        Place = settings.Place,
        Theme = context.Request.Cookies[ThemeCookie] is { } theme && theme is ("light" or "dark") ? theme : null,
        FormToken = antiforgery.GetAndStoreTokens(context).RequestToken!,
    };
}
