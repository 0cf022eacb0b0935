using System.Net.WebSockets;

namespace IotOps.Mqtt.Connecting;

/// <summary>Opens a WebSocket to the URI that the options make.</summary>
/// <param name="options">The URI and whom to trust.</param>
/// <param name="open">Connects to a host and port: the endpoint's own, or its proxy's.</param>
/// <param name="isTransient">Whether a file that cannot be used now may be there later.</param>
internal sealed class WebSocketDialer(MqttConnectionOptions options, Func<string, int, CancellationToken, ValueTask<SocketStream>> open, bool isTransient)
{
    private const string SubProtocol = "mqtt";

    private SocketStream? _stream;
    private bool _isDirect;

    /// <summary>The stream that TLS went over, straight to the endpoint; null without TLS, or where a proxy answers first.</summary>
    public SocketStream? TlsStream => _isDirect ? _stream : null;

    public async ValueTask<Transport> ConnectAsync(CancellationToken cancellationToken)
    {
        Uri uri = await UriAsync(cancellationToken).ConfigureAwait(false);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(SubProtocol);
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            using var invoker = new HttpMessageInvoker(Handler(uri));
            await socket.ConnectAsync(uri, invoker, cancellationToken).ConfigureAwait(false);
            return new Transport(new WebSocketStream(socket), socket.Abort, _stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SocketsHttpHandler Handler(Uri uri)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, token) =>
            {
                _isDirect = uri.Scheme == Uri.UriSchemeWss && context.DnsEndPoint.Host == uri.IdnHost && context.DnsEndPoint.Port == uri.Port;
                return _stream = await open(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token).ConfigureAwait(false);
            },
        };
        if (options.Proxy is { } proxy)
        {
            handler.Proxy = proxy;
        }

        if (options.Tls is { } tls && uri.Scheme == Uri.UriSchemeWss)
        {
            handler.SslOptions = ClientTls.CreateFor(tls, uri.IdnHost, protocol: null, isTransient);
        }

        return handler;
    }

    private async ValueTask<Uri> UriAsync(CancellationToken cancellationToken)
    {
        Uri uri;
        try
        {
            uri = await options.WebSocketUri!(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The caller's code: whatever it could not do now, it is asked again at the next attempt.
            throw new MqttException($"WebSocketUri failed: {e.Message}", e) { IsTransient = true };
        }

        return uri is { IsAbsoluteUri: true } && uri.Scheme is "ws" or "wss"
            ? uri
            : throw new MqttException("WebSocketUri made a URI that does not begin with ws:// or wss://.");
    }
}
