using System.Security.Claims;
using System.Text.Encodings.Web;
using IotOps.Samples.FleetConsole.Frame;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>Where no sign-in is configured the console listens on loopback alone, and whoever is at this machine is a responder.</summary>
internal sealed class LocalUserHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "local"), new Claim(ClaimTypes.Role, Roles.Responder)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}
