using IotOps.Shared;

namespace IotOps.Slack;

/// <summary>The HTTP transport that the package's clients make for themselves, for those who put more above it.</summary>
public static class SlackHttpHandler
{
    /// <summary>
    /// A handler that tries the addresses of a host side by side, for 5 seconds together, follows no redirect, and keeps no cookies. The caller
    /// disposes it.
    /// </summary>
    public static SocketsHttpHandler Create() => Create(new AddressRace(TimeProvider.System));

    internal static SocketsHttpHandler Create(AddressRace race) => new()
    {
        // The handler's own way tries one address after the other: a silent first one, as IPv6 without a route is, hides the others.
        ConnectCallback = race.OpenAsync,

        // A redirect would carry the message, and the link in it, to another host.
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    };
}
