using System.Net;
using System.Net.Sockets;

namespace IotOps.Mqtt.Connecting;

/// <summary>Whether something is the name or address of a host and nothing else, before it is looked up again and again.</summary>
internal static class HostName
{
    /// <summary>What is wrong, and what to give instead; null when nothing is.</summary>
    public static string? Wrong(string host)
    {
        if (host.AsSpan().ContainsAny(" \t\r\n"))
        {
            return $"Host '{host}' has a blank; give the name alone.";
        }

        if (host.IndexOf("://", StringComparison.Ordinal) is >= 0 and int scheme)
        {
            return $"Host '{host}' has a scheme. Give the name alone, '{NameOf(host[(scheme + 3)..])}'; the port goes to Port, and TLS is used unless Tls is null. For WebSocket there is WebSocketUri.";
        }

        if (host.AsSpan().ContainsAny("/?#@\\"))
        {
            return $"Host '{host}' is more than a name. Give '{NameOf(host)}'; there is no path, and the user goes to UserName.";
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return address.AddressFamily == AddressFamily.InterNetworkV6 && host.StartsWith('[') ? $"Host '{host}' has brackets; give the address alone, '{address}', and the port to Port." : null;
        }

        return host.Contains(':', StringComparison.Ordinal) ? $"Host '{host}' has a port. Give the name alone, '{NameOf(host)}', and the port to Port."
            : Uri.CheckHostName(host) == UriHostNameType.Unknown ? $"Host '{host}' is not the name of a host."
            : null;
    }

    private static string NameOf(string authority)
    {
        string name = authority[(authority.LastIndexOf('@') + 1)..];
        int end = name.AsSpan().IndexOfAny("/?#:\\");
        return end < 0 ? name : name[..end];
    }
}
