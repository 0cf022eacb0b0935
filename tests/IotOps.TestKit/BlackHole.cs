using System.Net;
using System.Net.Sockets;

namespace IotOps.TestKit;

/// <summary>An address of this machine that drops every SYN, as one without a route does: a listener whose queue is full. Linux only.</summary>
public sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = New();
    private readonly List<Socket> _filling = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(Address, 0));
        _listener.Listen(0);
    }

    /// <summary>Its address, 127.0.0.1.</summary>
    public static IPAddress Address => IPAddress.Loopback;

    /// <summary>Its port; another address of the loopback has it free.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Opens one, and fills its queue.</summary>
    public static async Task<BlackHole> OpenAsync()
    {
        var hole = new BlackHole();
        for (int i = 0; i < 8; i++)
        {
            Socket socket = New();
            hole._filling.Add(socket);
            try
            {
                await socket.ConnectAsync(hole._listener.LocalEndPoint!).WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
            catch (TimeoutException)
            {
                return hole;
            }
        }

        throw new InvalidOperationException("The listener's queue does not fill.");
    }

    /// <summary>A listener at another address with the same port.</summary>
    /// <param name="address">Such as 127.0.0.2.</param>
    public Socket Beside(IPAddress address)
    {
        Socket socket = New();
        socket.Bind(new IPEndPoint(address, Port));
        socket.Listen();
        return socket;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _filling.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private static Socket New() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
