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
    private SocketStream? _tlsStream;
    private bool _hasWorked;
    private bool _hasAsked;

    private int Port => options.Port ?? (options.Tls is null ? ClearPort : TlsPort);

    /// <summary>Where it connects to, for messages; a WebSocket's URI holds a signature and is not told.</summary>
    public string Target => options.WebSocketUri is null ? $"{options.Host}:{Port}" : "the WebSocket endpoint";

    /// <summary>What no attempt would mend, and can be seen without one: a file that is missing, or not what it should be.</summary>
    public MqttException? Wrong()
    {
        // The files of a wss endpoint are read when its URI is known. A token is asked when it is needed: it may not be ready yet.
        if (options is not { Dial: null, WebSocketUri: null, Tls: { PrivateKeyUri: null } tls })
        {
            return null;
        }

        try
        {
            ClientTls.Create(tls, options.Host, Port, isTransient: false);
            return null;
        }
        catch (MqttException e)
        {
            return e;
        }
    }

    /// <exception cref="MqttException">It could not be reached, or did not prove who it is.</exception>
    public async ValueTask<Transport> ConnectAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        _address = null;
        _tlsStream = null;
        WarnOfExposedSecrets();
        try
        {
            return options.Dial is { } dial ? await dial(either.Token).ConfigureAwait(false)
                : options.WebSocketUri is null ? await ConnectSocketAsync(either.Token).ConfigureAwait(false)
                : await ConnectWebSocketAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            CameToNothing();
            throw await InTheClearAsync(stop).ConfigureAwait(false)
                ?? new MqttException($"{Target} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s (ConnectTimeout).") { IsTransient = true };
        }
        catch (Exception e) when (e is SocketException or IOException or WebSocketException or HttpRequestException or AuthenticationException)
        {
            CameToNothing();
            throw ServerCertificateException.In(e) is { } certificate ? Untrusted(certificate, e)
                : await InTheClearAsync(stop).ConfigureAwait(false)
                ?? Unreached(e);
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
        _hasWorked = true;
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

    private async ValueTask<Transport> ConnectWebSocketAsync(CancellationToken cancellationToken)
    {
        var dialer = new WebSocketDialer(options, OpenAsync, _hasWorked);
        try
        {
            return await dialer.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _tlsStream = dialer.TlsStream;
        }
    }

    private async ValueTask<Transport> ConnectSocketAsync(CancellationToken cancellationToken)
    {
        // Before the network is used: what is wrong with a file is told also where there is none.
        SslClientAuthenticationOptions? terms = options.Tls is { } wanted ? ClientTls.Create(wanted, options.Host, Port, _hasWorked) : null;
        SocketStream stream = await OpenThroughAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (terms is null)
            {
                return new Transport(stream, stream.Dispose, stream);
            }

            _tlsStream = stream;
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(terms, cancellationToken).ConfigureAwait(false);
            return new Transport(tls, stream.Dispose, stream);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A stream to the broker, through the proxy where there is one.
    private async ValueTask<SocketStream> OpenThroughAsync(CancellationToken cancellationToken)
    {
        ProxyTunnel? tunnel = ProxyTunnel.For(options.Proxy, options.Host, Port);
        SocketStream stream = await OpenAsync(tunnel?.Proxy.IdnHost ?? options.Host, tunnel?.Proxy.Port ?? Port, cancellationToken).ConfigureAwait(false);
        try
        {
            if (tunnel is not null)
            {
                await tunnel.OpenAsync(stream, cancellationToken).ConfigureAwait(false);
                stream.BeginAnew();
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private MqttException Unreached(Exception cause) =>
        new(cause is AuthenticationException ? $"TLS with {Target} failed: {cause.Message} Check the client certificate and its key." : $"{Target} cannot be reached: {cause.Message}", cause)
        {
            IsTransient = true,
        };

    private MqttException Untrusted(ServerCertificateException certificate, Exception cause) =>
        new($"TLS with {Target} failed: {certificate.Message}{(certificate.IsLasting ? " Check the host's name, and that Tls.CaFile has the root that signed the broker's certificate." : "")}", cause)
        {
            IsTransient = _hasWorked || !certificate.IsLasting,
        };

    // Null unless it is certain that the other end speaks without TLS, and always did.
    private async ValueTask<MqttException?> InTheClearAsync(CancellationToken stop)
    {
        if (_hasWorked || _tlsStream is not { } stream)
        {
            return null;
        }

        bool inTheClear = stream.FirstByte is { } first ? !PlainPort.IsTls(first)
            : options.WebSocketUri is null && !_hasAsked && (_hasAsked = true) && await PlainPort.AnswersAsync(OpenThroughAsync, options, stop).ConfigureAwait(false);
        return inTheClear
            ? new MqttException($"{Target} does not speak TLS: it answers in the clear. {(options.WebSocketUri is null ? "Give the port that speaks TLS, 8883 by default; Tls = null connects in the clear." : "The URI of an endpoint without TLS begins with ws://.")}")
            : null;
    }
}
