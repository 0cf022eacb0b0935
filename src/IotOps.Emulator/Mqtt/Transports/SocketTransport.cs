using System.Net.Security;
using System.Net.Sockets;

namespace IotOps.Emulator.Mqtt.Transports;

/// <summary>TCP, with or without TLS.</summary>
internal sealed class SocketTransport(Socket socket, Stream stream, TransportInfo info) : ITransport
{
    public TransportInfo Info { get; } = info;

    public Stream Stream { get; } = stream;

    public async Task FinishAsync()
    {
        try
        {
            if (Stream is SslStream tls)
            {
                await tls.ShutdownAsync().ConfigureAwait(false);
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is gone already.
        }
    }

    public void Abort()
    {
        try
        {
            // A reset, so that the other side learns of it at once.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone already.
        }

        socket.Dispose();
    }
}
