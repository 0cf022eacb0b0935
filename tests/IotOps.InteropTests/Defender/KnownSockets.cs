using System.Net;
using System.Net.Sockets;

namespace IotOps.InteropTests.Defender;

/// <summary>A hundred sockets of each kind that a machine has, and what a report must say about them.</summary>
internal sealed class KnownSockets : IDisposable
{
    private const int SocketLevel = 1;
    private const int ReusePort = 15;

    private readonly List<Socket> _sockets = [];

    public KnownSockets()
    {
        Connect(new IPEndPoint(IPAddress.Loopback, 0), IPAddress.Loopback, 20);
        Connect(new IPEndPoint(IPAddress.IPv6Loopback, 0), IPAddress.IPv6Loopback, 10);
        Connect(new IPEndPoint(IPAddress.IPv6Any, 0), IPAddress.Loopback, 5);
        Listen(Bound(new IPEndPoint(IPAddress.Any, 0), SocketType.Stream, shared: false));

        var shared = new IPEndPoint(IPAddress.Loopback, 0);
        for (int i = 0; i < 4; i++)
        {
            Socket socket = Bound(shared, SocketType.Stream, shared: true);
            shared = (IPEndPoint)socket.LocalEndPoint!;
            Listen(socket);
        }

        shared = new IPEndPoint(IPAddress.Any, 0);
        for (int i = 0; i < 4; i++)
        {
            shared = (IPEndPoint)Bound(shared, SocketType.Dgram, shared: true).LocalEndPoint!;
        }

        AddUdp(shared);
        for (int i = 0; i < 13; i++)
        {
            AddUdp((IPEndPoint)Bound(new IPEndPoint(i < 8 ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0), SocketType.Dgram, shared: false).LocalEndPoint!);
        }

        for (int i = 0; i < 5; i++)
        {
            Socket connected = Bound(new IPEndPoint(IPAddress.Loopback, 0), SocketType.Dgram, shared: false);
            connected.Connect(shared.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, shared.Port) : shared);
            ConnectedUdp.Add(((IPEndPoint)connected.LocalEndPoint!).Port);
        }
    }

    public int Count => _sockets.Count;

    /// <summary>Remote address, remote port, local port, interface.</summary>
    public SortedSet<string> Connections { get; } = new(StringComparer.Ordinal);

    /// <summary>Port and interface.</summary>
    public SortedSet<string> TcpPorts { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc cref="TcpPorts"/>
    public SortedSet<string> UdpPorts { get; } = new(StringComparer.Ordinal);

    /// <summary>Ports of UDP sockets that are connected and so do not listen.</summary>
    public List<int> ConnectedUdp { get; } = [];

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    private static string Interface(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? address.ToString() : "lo";

    private Socket Bound(IPEndPoint end, SocketType type, bool shared)
    {
        var socket = new Socket(end.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        _sockets.Add(socket);
        if (end.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        if (shared)
        {
            socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
        }

        socket.Bind(end);
        return socket;
    }

    private int Listen(Socket socket)
    {
        socket.Listen(64);
        var end = (IPEndPoint)socket.LocalEndPoint!;
        TcpPorts.Add($"{end.Port} {Interface(end.Address)}");
        return end.Port;
    }

    private void AddUdp(IPEndPoint end) => UdpPorts.Add($"{end.Port} {Interface(end.Address)}");

    private void Connect(IPEndPoint listen, IPAddress to, int count)
    {
        Socket listener = Bound(listen, SocketType.Stream, shared: false);
        int port = Listen(listener);
        for (int i = 0; i < count; i++)
        {
            var client = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(client);
            client.Connect(to, port);
            _sockets.Add(listener.Accept());
            int from = ((IPEndPoint)client.LocalEndPoint!).Port;
            Connections.Add($"{to} {port} {from} lo");
            Connections.Add($"{to} {from} {port} lo");
        }
    }
}
