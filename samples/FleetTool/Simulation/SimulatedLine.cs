using System.Net;
using System.Net.Sockets;

namespace IotOps.Samples.FleetTool.Simulation;

/// <summary>The network between one device and its broker: it can be cut, which a client that leaves in order cannot show.</summary>
internal sealed class SimulatedLine : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _cut = new();
    private readonly Task _carrying;

    public SimulatedLine(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _carrying = CarryAsync();
    }

    /// <summary>Where the device connects to, on loopback.</summary>
    public int Port { get; }

    /// <summary>Cuts both ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        await _carrying;
        _listener.Dispose();
        _cut.Dispose();
    }

    private async Task CarryAsync()
    {
        try
        {
            using Socket device = await _listener.AcceptAsync(_cut.Token);
            using var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            device.NoDelay = true;
            await broker.ConnectAsync(_host, _port, _cut.Token);
            await using var near = new NetworkStream(device);
            await using var far = new NetworkStream(broker);
            await Task.WhenAny(near.CopyToAsync(far, _cut.Token), far.CopyToAsync(near, _cut.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
        {
            // The device sees its connection end, which is what a cut is; a broker that is not there it sees in the same way.
        }
    }
}
