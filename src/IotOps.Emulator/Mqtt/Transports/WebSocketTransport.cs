using System.Net.WebSockets;

namespace IotOps.Emulator.Mqtt.Transports;

/// <summary>MQTT in binary WebSocket messages (OASIS MQTT 5.0, 6), whose bounds mean nothing.</summary>
internal sealed class WebSocketTransport : ITransport, IDisposable
{
    private readonly WebSocket _socket;
    private readonly WebSocketStream _stream;

    public WebSocketTransport(WebSocket socket, TransportInfo info)
    {
        _socket = socket;
        _stream = new WebSocketStream(socket);
        Info = info;
    }

    public TransportInfo Info { get; }

    public Stream Stream => _stream;

    public async Task FinishAsync()
    {
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The connection is gone already.
        }
    }

    public void Abort() => _socket.Abort();

    public void Dispose() => _stream.Dispose();
}
