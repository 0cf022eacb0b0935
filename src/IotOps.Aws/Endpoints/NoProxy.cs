using System.Globalization;
using System.Net;

namespace IotOps.Aws.Endpoints;

/// <summary>
/// The hosts of <c>NO_PROXY</c>, as botocore reads them (a name stands for all below it, <c>*</c> for all hosts, <c>host:port</c> for one
/// port) and with networks such as <c>10.0.0.0/8</c> besides. .NET alone takes whole names and <c>.suffix</c> only.
/// </summary>
internal sealed class NoProxy(IWebProxy proxy, string hosts) : IWebProxy
{
    private readonly string[] _entries = hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsListed(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => IsListed(host) || proxy.IsBypassed(host);

    private bool IsListed(Uri uri)
    {
        string host = uri.IdnHost;
        IPAddress? address = IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null;
        return Array.Exists(_entries, entry => Matches(entry, host, address, uri.Port));
    }

    private static bool Matches(string entry, string host, IPAddress? address, int port)
    {
        if (entry == "*")
        {
            return true;
        }

        if (address is not null)
        {
            return IPNetwork.TryParse(entry, out IPNetwork network) ? network.Contains(address)
                : IPAddress.TryParse(entry.Trim('[', ']'), out IPAddress? one) ? one.Equals(address)
                : IPEndPoint.TryParse(entry, out IPEndPoint? endPoint) && endPoint.Address.Equals(address) && endPoint.Port == port;
        }

        int colon = entry.LastIndexOf(':');
        if (colon > 0 && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int only))
        {
            return only == port && IsOrIsBelow(host, entry[..colon]);
        }

        return IsOrIsBelow(host, entry);
    }

    private static bool IsOrIsBelow(string host, string entry)
    {
        ReadOnlySpan<char> name = entry.AsSpan().TrimStart('*').TrimStart('.');
        return name.Length > 0 && host.AsSpan().EndsWith(name, StringComparison.OrdinalIgnoreCase)
            && (host.Length == name.Length || host[host.Length - name.Length - 1] == '.');
    }
}
