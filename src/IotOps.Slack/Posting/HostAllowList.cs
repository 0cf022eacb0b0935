namespace IotOps.Slack.Posting;

/// <summary>Which URLs may be posted to. Anything else would hand a message, and the link in it, to whoever wrote the URL.</summary>
internal sealed class HostAllowList
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    private readonly bool _allowsLoopback;

    public HostAllowList(IReadOnlyList<string> hosts, bool allowsLoopback)
    {
        _allowsLoopback = allowsLoopback;
        ArgumentNullException.ThrowIfNull(hosts);
        foreach (string host in hosts)
        {
            if (!Uri.TryCreate("https://" + host, UriKind.Absolute, out Uri? uri) || uri.AbsolutePath != "/" || uri.UserInfo.Length > 0 || host.AsSpan().ContainsAny("/?#@*"))
            {
                throw new ArgumentException($"'{host}' is not a host or host:port.", nameof(hosts));
            }

            _hosts.Add(Key(uri));
        }

        if (_hosts.Count == 0 && !allowsLoopback)
        {
            throw new ArgumentException("No host is allowed, so nothing could be posted.", nameof(hosts));
        }
    }

    // The key always has the port, so that a port is allowed only where it was named or is the default.
    public bool Allows(Uri url) =>
        url.IsAbsoluteUri
        && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && ((_allowsLoopback && url.IsLoopback) || _hosts.Contains(Key(url)));

    private static string Key(Uri uri) => $"{uri.IdnHost}:{uri.Port}";
}
