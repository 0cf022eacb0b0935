namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>Remembers the theme in a cookie, so that the first byte of a page has it: no flash, and no script needed.</summary>
internal static class ThemeEndpoint
{
    public static void Map(WebApplication app) => app.MapPost("/theme", static async (HttpContext context) =>
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? theme = form["theme"];
        if (theme is "light" or "dark")
        {
            context.Response.Cookies.Append(PageFrame.ThemeCookie, theme, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        }
        else
        {
            context.Response.Cookies.Delete(PageFrame.ThemeCookie);
        }

        return new SeeOther(ReturnPath.Of(form["to"]));
    }).AddEndpointFilter<PostFilter>().AllowAnonymous();
}
