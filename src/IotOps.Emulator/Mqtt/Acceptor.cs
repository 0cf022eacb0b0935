using System.Net;
using System.Net.Sockets;
using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Mqtt;

/// <summary>Listens on one loopback port, which stays the same over a stop and a new start.</summary>
internal sealed class Acceptor(int port, Func<Socket, Task> serve) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly RunningTasks _serving = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public int Port { get; private set; } = port;

    /// <exception cref="IOException">The port is taken.</exception>
    public void Start()
    {
        lock (_lock)
        {
            if (_listener is not null)
            {
                return;
            }

            var listener = new TcpListener(IPAddress.Loopback, Port);
            try
            {
                listener.Start();
            }
            catch (SocketException e)
            {
                listener.Dispose();
                throw new IOException($"The MQTT broker cannot listen on 127.0.0.1:{Port}: {e.Message}", e);
            }

            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _listener = listener;
            _accepting = AcceptAsync(listener);
        }
    }

    /// <summary>Listens no more; connections stay.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Stops, and waits for the connections, which somebody else has to cut.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _accepting.ConfigureAwait(false);
        await _serving.WhenAllAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                Socket socket = await listener.AcceptSocketAsync().ConfigureAwait(false);
                socket.NoDelay = true;
                _serving.Add(serve(socket));
            }
            catch (SocketException) when (IsCurrent(listener))
            {
                // A client that was gone before it was accepted is no reason to leave the others waiting.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private bool IsCurrent(TcpListener listener)
    {
        lock (_lock) { return _listener == listener; }
    }
}
