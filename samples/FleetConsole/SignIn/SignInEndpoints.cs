using System.Security.Claims;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>The page to sign in on, and what its forms lead to.</summary>
internal static class SignInEndpoints
{
    public static void Map(WebApplication app, SignInSettings settings)
    {
        if (!settings.IsConfigured)
        {
            return;
        }

        app.MapGet("/sign-in", (HttpContext context, PageFrame frame, string? to, string? refused) => Page(context, frame, settings, to, refused)).AllowAnonymous();
        app.MapPost("/sign-out", SignOutAsync).AddEndpointFilter<PostFilter>().RequireAuthorization();
        if (settings.TokenFile is not null)
        {
            app.MapPost("/sign-in", (HttpContext context, PageFrame frame, TokenFile tokens, SignInAudit audit, TimeProvider timeProvider) =>
                    TokenAsync(context, frame, settings, tokens, audit, timeProvider))
                .AddEndpointFilter<PostFilter>().AllowAnonymous().RequireRateLimiting(RequestLimits.SignIn);
        }

        if (settings.OpenId is not null)
        {
            app.MapGet("/sign-in/openid", (string? to) => TypedResults.Challenge(
                    new AuthenticationProperties { RedirectUri = ReturnPath.Of(to) }, [OpenIdConnectDefaults.AuthenticationScheme]))
                .AllowAnonymous().RequireRateLimiting(RequestLimits.SignIn);
        }
    }

    private static RazorComponentResult<SignInPage> Page(HttpContext context, PageFrame frame, SignInSettings settings, string? to, string? refused)
    {
        string? text = refused switch
        {
            null => null,
            "token" => "Not signed in: the token is unknown, was taken away, or has expired.",
            "group" => "Not signed in: you are in no group that may use this console.",
            _ => "Not signed in: your organisation's sign-in failed. Try again.",
        };
        return new RazorComponentResult<SignInPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(SignInPage.Page)] = frame.Of(context, ""),
            [nameof(SignInPage.To)] = ReturnPath.Of(to),
            [nameof(SignInPage.Refused)] = text,
            [nameof(SignInPage.HasTokens)] = settings.TokenFile is not null,
            [nameof(SignInPage.HasOpenId)] = settings.OpenId is not null,
        })
        { StatusCode = text is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized };
    }

    private static async Task<IResult> TokenAsync(
        HttpContext context, PageFrame frame, SignInSettings settings, TokenFile tokens, SignInAudit audit, TimeProvider timeProvider)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string to = ReturnPath.Of(form["to"]);
        if (TokenRecord.Find(tokens.Read(), form["token"], timeProvider.GetUtcNow()) is not { } record)
        {
            await audit.RefusedAsync(context, "unknown", "token");
            return Page(context, frame, settings, to, "token");
        }

        await audit.GrantedAsync(context, record.Name, record.Role, "token");
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, record.Name), new(ClaimTypes.Role, record.Role), new(SignInSetup.TokenClaim, record.Id)], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
        return new SeeOther(to);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignInAudit audit)
    {
        await audit.SignedOutAsync(context, context.User.Identity?.Name ?? "unknown", context.User.FindFirstValue(ClaimTypes.Role) ?? "");
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return new SeeOther("/sign-in");
    }
}
