using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>Who is who: sessions in a cookie, and the ways to get one.</summary>
internal static class SignInSetup
{
    /// <summary>The claim that holds a token's id.</summary>
    public const string TokenClaim = "token";

    public static void Add(IServiceCollection services, SignInSettings settings, TimeProvider timeProvider)
    {
        services.AddAuthorization();
        if (!settings.IsConfigured)
        {
            services.AddAuthentication(LocalUserHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, LocalUserHandler>(LocalUserHandler.SchemeName, null);
            return;
        }

        TokenFile? tokens = settings.TokenFile is { } path ? new TokenFile(path) : null;
        if (tokens is not null)
        {
            // A file that cannot be used is found when the console starts, not when somebody is called at night.
            tokens.Read();
            services.AddSingleton(tokens);
        }

        AuthenticationBuilder authentication = services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "fleetconsole";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = settings.SessionTime;
                cookie.SlidingExpiration = true;
                cookie.TimeProvider = timeProvider;
                cookie.LoginPath = "/sign-in";
                cookie.ReturnUrlParameter = "to";
                cookie.Events.OnRedirectToAccessDenied = static context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };

                // A page that follows what arrives asks by itself: an unattended browser does not stay signed in for that.
                cookie.Events.OnCheckSlidingExpiration = static context =>
                {
                    context.ShouldRenew &= !context.Request.Headers.ContainsKey("X-Live");
                    return Task.CompletedTask;
                };
                cookie.Events.OnValidatePrincipal = context => ValidateAsync(context, tokens, timeProvider);
            });
        if (settings.OpenId is { } provider)
        {
            authentication.AddOpenIdConnect(openId => Configure(openId, provider, timeProvider));
        }
    }

    // A token that was taken away, or is over, ends its sessions.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context, TokenFile? tokens, TimeProvider timeProvider)
    {
        if (context.Principal?.FindFirstValue(TokenClaim) is not { } id)
        {
            return;
        }

        if (tokens?.Read().FirstOrDefault(record => record.Id == id) is not { } found || !found.IsValid(timeProvider.GetUtcNow()) || !context.Principal.IsInRole(found.Role))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }

    private static void Configure(OpenIdConnectOptions openId, OpenIdSettings provider, TimeProvider timeProvider)
    {
        openId.Authority = provider.Issuer.ToString();
        openId.RequireHttpsMetadata = !provider.Issuer.IsLoopback;
        openId.ClientId = provider.ClientId;
        openId.ClientSecret = provider.ClientSecret;
        openId.TimeProvider = timeProvider;

        // The code flow with PKCE: no token passes through the browser. A GET leads back, so that the cookies of the start are SameSite=Lax.
        openId.ResponseType = OpenIdConnectResponseType.Code;
        openId.ResponseMode = OpenIdConnectResponseMode.Query;
        openId.UsePkce = true;
        openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
        openId.NonceCookie.SameSite = SameSiteMode.Lax;
        openId.CallbackPath = "/sign-in/callback";
        openId.Scope.Clear();
        openId.Scope.Add("openid");
        foreach (string scope in provider.Scopes)
        {
            openId.Scope.Add(scope);
        }

        openId.SaveTokens = false;
        openId.GetClaimsFromUserInfoEndpoint = false;
        openId.TokenHandler = new SignedTokenHandler { MapInboundClaims = false };
        openId.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateLifetime = true,
            ValidateIssuerSigningKey = true,
            RequireExpirationTime = true,
            ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
            ClockSkew = TimeSpan.FromMinutes(1),
            NameClaimType = ClaimTypes.Name,
            RoleClaimType = ClaimTypes.Role,

            // A test sets the clock; the library has no TimeProvider for this one check.
            LifetimeValidator = (notBefore, expires, _, parameters) => IsNow(notBefore, expires, parameters.ClockSkew, timeProvider.GetUtcNow().UtcDateTime),
        };

        // The last event: the nonce is checked after the token is.
        openId.Events.OnTicketReceived = context => GrantAsync(context, provider);
        openId.Events.OnRemoteFailure = RefuseAsync;
        openId.Events.OnAccessDenied = context =>
        {
            context.Response.Redirect("/sign-in?refused=provider");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private static bool IsNow(DateTime? notBefore, DateTime? expires, TimeSpan skew, DateTime now) =>
        expires is { } end && now < end + skew && (notBefore is not { } begin || now >= begin - skew);

    // What the session keeps of the provider's claims is a name and a role.
    private static async Task GrantAsync(TicketReceivedContext context, OpenIdSettings provider)
    {
        ClaimsPrincipal user = context.Principal!;
        string? name = user.FindFirstValue(provider.NameClaim) ?? user.FindFirstValue("sub");
        string? role = provider.RoleOf(user.FindAll(provider.GroupsClaim).Select(claim => claim.Value));
        SignInAudit audit = context.HttpContext.RequestServices.GetRequiredService<SignInAudit>();
        if (string.IsNullOrEmpty(name) || role is null)
        {
            await audit.RefusedAsync(context.HttpContext, name ?? "unknown", "in no group that may come in");
            context.Response.Redirect("/sign-in?refused=group");
            context.HandleResponse();
            return;
        }

        await audit.GrantedAsync(context.HttpContext, name, role, "OpenID Connect");
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, role)], "oidc", ClaimTypes.Name, ClaimTypes.Role));
    }

    private static async Task RefuseAsync(RemoteFailureContext context)
    {
        // The failure's text can hold what the provider sent; its type says enough.
        await context.HttpContext.RequestServices.GetRequiredService<SignInAudit>()
            .RefusedAsync(context.HttpContext, "unknown", $"OpenID Connect: {context.Failure?.InnerException?.GetType().Name ?? context.Failure?.GetType().Name ?? "failed"}");
        context.Response.Redirect("/sign-in?refused=provider");
        context.HandleResponse();
    }
}
