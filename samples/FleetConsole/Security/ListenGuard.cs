using System.Net;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetConsole.Security;

/// <summary>Where the console may listen, and under which names it answers.</summary>
internal static class ListenGuard
{
    /// <exception cref="UsageException">The console would be open to strangers, or send sign-ins in the clear.</exception>
    public static void Check(ConsoleSettings settings)
    {
        if (settings.Listen is not { IsAbsoluteUri: true, Scheme: "http", PathAndQuery: "/" })
        {
            throw new UsageException($"the console listens on an address such as http://127.0.0.1:8090, not '{settings.Listen}'");
        }

        if (settings.PublicAddress is { } address && (address is not { IsAbsoluteUri: true, PathAndQuery: "/" } || address.Scheme is not ("http" or "https")))
        {
            throw new UsageException($"the public address is one such as https://console.example.org, without a path, not '{address}'");
        }

        bool isBeyond = !IsLoopback(settings.Listen.Host);
        if (isBeyond && !settings.SignIn.IsConfigured)
        {
            throw new UsageException($"{settings.Listen} can be reached from other machines and nobody would have to sign in: configure sign-in, or listen on 127.0.0.1");
        }

        if ((isBeyond || settings.PublicAddress is not null) && (settings.PublicAddress is null || (settings.PublicAddress.Scheme != "https" && !IsLoopback(settings.PublicAddress.Host))))
        {
            throw new UsageException("beyond this machine the console is reached over HTTPS: put a proxy that ends TLS before it and give its address as the public address, https://...");
        }

        if (settings.PublicAddress is { } outside && !IsLoopback(outside.Host) && !settings.SignIn.IsConfigured)
        {
            throw new UsageException($"{outside} can be reached from other machines and nobody would have to sign in: configure sign-in");
        }
    }

    /// <summary>
    /// The host names that requests may have. A page of a stranger whose name was made to point here (DNS rebinding) has another one, and
    /// would be let in where nobody has to sign in.
    /// </summary>
    public static IReadOnlyList<string> HostNames(ConsoleSettings settings) =>
        [.. new[] { "localhost", "127.0.0.1", "[::1]", settings.Listen.Host, settings.PublicAddress?.Host }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
