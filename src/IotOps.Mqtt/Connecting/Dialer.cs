using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Connecting;

/// <summary>Opens the byte stream that the options name: TCP, TLS or WebSocket.</summary>
internal sealed class Dialer(MqttConnectionOptions options)
{
    private const int TlsPort = 8883;
    private const int ClearPort = 1883;

    private readonly AddressRace _race = new(options.TimeProvider, options.Resolve);
    private readonly ExposedKeys _exposed = new();
    private readonly ILogger _logger = options.LoggerFactory.CreateLogger<MqttConnection>();
    private IPAddress? _address;

    private int Port => options.Port ?? (options.Tls is null ? ClearPort : TlsPort);

    /// <summary>Where it connects to, for messages; a WebSocket's URI holds a signature and is not told.</summary>
    public string Target => options.WebSocketUri is null ? $"{options.Host}:{Port}" : "the WebSocket endpoint";

    /// <exception cref="MqttException">It could not be reached, or did not prove who it is.</exception>
    public async ValueTask<Transport> ConnectAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        _address = null;
        WarnOfExposedSecrets();
        try
        {
            return options.Dial is { } dial ? await dial(either.Token).ConfigureAwait(false)
                : options.WebSocketUri is null ? await ConnectSocketAsync(either.Token).ConfigureAwait(false)
                : await new WebSocketDialer(options, OpenAsync).ConnectAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            CameToNothing();
            throw new MqttException($"{Target} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s (ConnectTimeout).") { IsTransient = true };
        }
        catch (Exception e) when (e is SocketException or IOException or WebSocketException or HttpRequestException)
        {
            CameToNothing();
            throw new MqttException($"{Target} cannot be reached: {ServerCertificateException.In(e)?.Message ?? e.Message}", e) { IsTransient = true };
        }
        catch (ServerCertificateException e)
        {
            CameToNothing();
            throw new MqttException($"TLS with {Target} failed: {e.Message}", e) { IsTransient = true };
        }
        catch (AuthenticationException e)
        {
            CameToNothing();
            throw new MqttException($"TLS with {Target} failed: {e.Message} Check the client certificate and its key.", e) { IsTransient = true };
        }
    }

    /// <summary>What was connected last is of no use: another address is tried first the next time, where the host has one.</summary>
    public void CameToNothing()
    {
        if (_address is { } address)
        {
            _race.Failed(address);
        }
    }

    /// <summary>What was connected last works.</summary>
    public void Works()
    {
        if (_address is { } address)
        {
            _race.Succeeded(address);
        }
    }

    private void WarnOfExposedSecrets()
    {
        WarnIfExposed("private key", options.Tls?.PrivateKeyFile ?? options.Tls?.PfxFile);
        WarnIfExposed("pass phrase", options.Tls?.PassPhraseFile);
        WarnIfExposed("PIN", options.Tls?.PrivateKeyUri is { } uri ? TokenKey.PinFile(uri) : null);
    }

    private void WarnIfExposed(string what, string? file)
    {
        if (_exposed.Find(file) is { } mode)
        {
            Log.SecretIsExposed(_logger, what, file!, mode);
        }
    }

    private async ValueTask<SocketStream> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        Socket socket = await _race.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        _address = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        return new SocketStream(socket);
    }

    private async ValueTask<Transport> ConnectSocketAsync(CancellationToken cancellationToken)
    {
        ProxyTunnel? tunnel = ProxyTunnel.For(options.Proxy, options.Host, Port);
        SocketStream stream = await OpenAsync(tunnel?.Proxy.IdnHost ?? options.Host, tunnel?.Proxy.Port ?? Port, cancellationToken).ConfigureAwait(false);
        try
        {
            if (tunnel is not null)
            {
                await tunnel.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
            }

            if (options.Tls is null)
            {
                return new Transport(stream, stream.Dispose, stream);
            }

            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(ClientTls.Create(options.Tls, options.Host, Port), cancellationToken).ConfigureAwait(false);
            return new Transport(tls, stream.Dispose, stream);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
