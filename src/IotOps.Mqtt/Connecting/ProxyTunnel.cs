using System.Globalization;
using System.Net;
using System.Text;

namespace IotOps.Mqtt.Connecting;

/// <summary>A way through an HTTP proxy by CONNECT (RFC 9110, 9.3.6); what follows is between the broker and us.</summary>
internal sealed class ProxyTunnel
{
    private const int LongestAnswer = 16 * 1024;
    private static readonly byte[] EndOfAnswer = "\r\n\r\n"u8.ToArray();

    private readonly NetworkCredential? _credential;
    private readonly string _target;

    private ProxyTunnel(Uri proxy, NetworkCredential? credential, string target)
    {
        Proxy = proxy;
        _credential = credential;
        _target = target;
    }

    public Uri Proxy { get; }

    /// <summary>Null when the broker is reached without one.</summary>
    /// <exception cref="MqttException">The proxy is of another kind.</exception>
    public static ProxyTunnel? For(IWebProxy? proxy, string host, int port)
    {
        if (proxy is null)
        {
            return null;
        }

        string target = $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port.ToString(CultureInfo.InvariantCulture)}";
        var uri = new Uri($"https://{target}");
        if (proxy.IsBypassed(uri) || proxy.GetProxy(uri) is not { } address || address == uri)
        {
            return null;
        }

        return address.Scheme == Uri.UriSchemeHttp
            ? new ProxyTunnel(address, proxy.Credentials?.GetCredential(address, "Basic"), target)
            : throw new MqttException($"The proxy {address.Scheme}://{address.Authority} cannot be used for {target}: only http:// proxies are, by CONNECT.");
    }

    /// <exception cref="MqttException">The proxy does not let it through.</exception>
    public async ValueTask OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Request(), cancellationToken).ConfigureAwait(false);
        string status = await ReadStatusAsync(stream, cancellationToken).ConfigureAwait(false);
        string[] words = status.Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            throw Refusal($"answers '{status}', which is no HTTP", isTransient: true);
        }

        switch (words[1])
        {
            case ['2', _, _]:
                return;
            case "407":
                throw Refusal(_credential is null ? "wants a user name and a password (Proxy.Credentials)" : "does not accept the user name and password, or not by Basic authentication", isTransient: false);
            default:
                throw Refusal($"answers '{status}'", isTransient: words[1] is not ("403" or "405"));
        }
    }

    private byte[] Request()
    {
        var request = new StringBuilder($"CONNECT {_target} HTTP/1.1\r\nHost: {_target}\r\n");
        if (_credential is not null)
        {
            request.Append("Proxy-Authorization: Basic ")
                .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_credential.UserName}:{_credential.Password}"))).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(request.Append("\r\n").ToString());
    }

    // Byte by byte: what follows the answer is not the proxy's.
    private async ValueTask<string> ReadStatusAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[LongestAnswer];
        int length = 0;
        while (!answer.AsSpan(0, length).EndsWith(EndOfAnswer))
        {
            int read = length < answer.Length ? await stream.ReadAsync(answer.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) : 0;
            if (read == 0)
            {
                throw Refusal(length == 0 ? "closed the connection" : "ended in the middle of its answer", isTransient: true);
            }

            length += read;
        }

        int end = answer.AsSpan(0, length).IndexOf("\r\n"u8);
        return Encoding.Latin1.GetString(answer, 0, Math.Min(end, 200));
    }

    private MqttException Refusal(string what, bool isTransient) =>
        new($"The proxy {Proxy.Host}:{Proxy.Port} {what}, asked for {_target}.") { IsTransient = isTransient };
}
