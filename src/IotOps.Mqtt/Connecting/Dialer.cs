using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Mqtt.Connecting;

/// <summary>Opens the byte stream that the options name: TCP, TLS or WebSocket.</summary>
internal sealed class Dialer(MqttConnectionOptions options)
{
    private const int TlsPort = 8883;
    private const int ClearPort = 1883;
    private const string SubProtocol = "mqtt";

    private int Port => options.Port ?? (options.Tls is null ? ClearPort : TlsPort);

    /// <summary>Where it connects to, for messages; a WebSocket's URI holds a signature and is not told.</summary>
    public string Target => options.WebSocketUri is null ? $"{options.Host}:{Port}" : "the WebSocket endpoint";

    /// <exception cref="MqttException">It could not be reached, or did not prove who it is.</exception>
    public async ValueTask<Transport> ConnectAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            return options.Dial is { } dial ? await dial(either.Token).ConfigureAwait(false)
                : options.WebSocketUri is null ? await ConnectSocketAsync(either.Token).ConfigureAwait(false)
                : await ConnectWebSocketAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new MqttException($"{Target} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s (ConnectTimeout).") { IsTransient = true };
        }
        catch (Exception e) when (e is SocketException or IOException or WebSocketException or HttpRequestException)
        {
            throw new MqttException($"{Target} cannot be reached: {e.Message}", e) { IsTransient = true };
        }
        catch (AuthenticationException e)
        {
            throw new MqttException($"TLS with {Target} failed: {e.Message} Check Tls.CaFile, the client certificate and the device's clock.", e) { IsTransient = true };
        }
    }

    private async ValueTask<Transport> ConnectSocketAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(options.Host, Port), cancellationToken).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is null)
            {
                return new Transport(stream, socket.Dispose);
            }

            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(ClientTls.Create(options.Tls, options.Host, Port), cancellationToken).ConfigureAwait(false);
            return new Transport(tls, socket.Dispose);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<Transport> ConnectWebSocketAsync(CancellationToken cancellationToken)
    {
        Uri uri = await UriAsync(cancellationToken).ConfigureAwait(false);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(SubProtocol);
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            if (options.Tls is { } tls && uri.Scheme == Uri.UriSchemeWss)
            {
                Trust(socket, tls);
            }

            await socket.ConnectAsync(uri, cancellationToken).ConfigureAwait(false);
            return new Transport(new WebSocketStream(socket), socket.Abort);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<Uri> UriAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await options.WebSocketUri!(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The caller's code: whatever it could not do now, it is asked again at the next attempt.
            throw new MqttException($"WebSocketUri failed: {e.Message}", e) { IsTransient = true };
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "The callback validates: it builds the chain on the given roots.")]
    private static void Trust(ClientWebSocket socket, MqttTlsOptions tls)
    {
        if (ClientTls.ClientCertificate(tls) is { } certificate)
        {
            socket.Options.ClientCertificates.Add(certificate.TargetCertificate);
        }

        if (ClientTls.Trust(tls) is { } policy)
        {
            socket.Options.RemoteCertificateValidationCallback = (_, presented, chain, errors) =>
            {
                // A chain that ends in our own root is what the system calls untrusted; any other error stands.
                if (presented is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
                {
                    return false;
                }

                using var ours = new X509Chain { ChainPolicy = policy };
                foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
                {
                    policy.ExtraStore.Add(element.Certificate);
                }

                return ours.Build((X509Certificate2)presented);
            };
        }
    }
}
