using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Mqtt.Connections;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Mqtt.Transports;

namespace IotOps.Emulator.Mqtt;

/// <summary>The broker's doors: TCP, TLS, and WebSockets that somebody else accepted.</summary>
internal sealed class MqttEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(30);

    private readonly Broker _broker;
    private readonly TlsHandshake _tls;
    private readonly Acceptor _plain;
    private readonly Acceptor _secure;
    private readonly RunningTasks _webSockets = new();
    private readonly Lock _lock = new();
    private readonly HashSet<ClientConnection> _connections = [];
    private bool _isListening;

    public MqttEndpoint(Broker broker, TlsHandshake tls)
    {
        _broker = broker;
        _tls = tls;
        _plain = new Acceptor(broker.Options.Port, ServePlainAsync);
        _secure = new Acceptor(broker.Options.TlsPort, ServeTlsAsync);
    }

    public int Port => _plain.Port;

    public int TlsPort => _secure.Port;

    /// <summary>False between a stop and a start; WebSockets are then refused.</summary>
    public bool IsListening
    {
        get { lock (_lock) { return _isListening; } }
    }

    /// <exception cref="IOException">A port is taken.</exception>
    public void Start()
    {
        _plain.Start();
        try
        {
            _secure.Start();
        }
        catch
        {
            _plain.Stop();
            throw;
        }

        lock (_lock) { _isListening = true; }
    }

    public void Stop(bool keepSessions)
    {
        _plain.Stop();
        _secure.Stop();
        ClientConnection[] connections;
        lock (_lock)
        {
            _isListening = false;
            connections = [.. _connections];
        }

        // First the sessions, so that no connection that ends publishes a will.
        _broker.Crash(keepSessions);
        foreach (ClientConnection connection in connections)
        {
            connection.Abort();
        }
    }

    public async Task ServeAsync(WebSocket socket, TransportInfo info)
    {
        using var transport = new WebSocketTransport(socket, info);
        Task serving = ServeAsync(transport);
        _webSockets.Add(serving);
        await serving.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Stop(keepSessions: false);
        _broker.End();
        await _plain.DisposeAsync().ConfigureAwait(false);
        await _secure.DisposeAsync().ConfigureAwait(false);
        await _webSockets.WhenAllAsync().ConfigureAwait(false);
        _broker.Dispose();
    }

    private async Task ServePlainAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                TransportInfo info = TransportInfo.Of("tcp", socket);
                var stream = new NetworkStream(socket, ownsSocket: true);
                await using (stream.ConfigureAwait(false))
                {
                    await ServeAsync(new SocketTransport(socket, stream, info)).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The client was gone before it said anything.
            }
        }
    }

    private async Task ServeTlsAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                using var late = new CancellationTokenSource(HandshakeWithin, _broker.TimeProvider);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _broker.Stopping);
                SocketTransport? transport = await _tls.AcceptAsync(socket, either.Token).ConfigureAwait(false);
                if (transport is null)
                {
                    return;
                }

                await using (transport.Stream.ConfigureAwait(false))
                {
                    await ServeAsync(transport).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is AuthenticationException or IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The handshake failed, which the client knows as well as we do.
                _broker.CountViolation();
            }
        }
    }

    private async Task ServeAsync(ITransport transport)
    {
        using var connection = new ClientConnection(_broker, transport);
        lock (_lock)
        {
            // A handshake may have outlasted the listener.
            if (!_isListening)
            {
                transport.Abort();
                return;
            }

            _connections.Add(connection);
        }

        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock) { _connections.Remove(connection); }
        }
    }
}
