using System.Net;
using System.Net.Sockets;

namespace IotOps.InteropTests.Mqtt;

/// <summary>Stands between a client and a broker, and does to their bytes what networks do.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _resetAfter = long.MaxValue;
    private long _fromClient;
    private readonly HashSet<Socket> _clients = [];
    private volatile bool _swallows;
    private volatile bool _losesAnswers;

    public FaultyProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Passes one byte at a time on.</summary>
    public bool Fragments { get; init; }

    /// <summary>Closes the connection when the client sends these, as a broker does on what its policy forbids; null never.</summary>
    public byte[]? ClosesOn { get; init; }

    /// <summary>Bytes that clients sent.</summary>
    public long FromClient => Volatile.Read(ref _fromClient);

    /// <summary>From now on takes the bytes of the connections there are and passes nothing on, as a firewall that forgot them.</summary>
    public bool Swallows
    {
        get => _swallows;
        set => _swallows = value;
    }

    /// <summary>From now on what the broker sends on the connections there are does not arrive; what clients send does.</summary>
    public bool LosesAnswers
    {
        get => _losesAnswers;
        set => _losesAnswers = value;
    }

    /// <summary>Resets every connection there is.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            foreach (Socket client in _clients)
            {
                client.Close(0);
            }
        }
    }

    /// <summary>Resets the connection after so many more bytes from the client.</summary>
    public void ResetAfter(long bytes) => Volatile.Write(ref _resetAfter, bytes);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                running.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using Socket near = client;
        near.NoDelay = true;
        lock (_clients) { _clients.Add(near); }
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(near, broker, fromClient: true), PumpAsync(broker, near, fromClient: false));
        }
        catch (SocketException)
        {
            // The broker is away: so is this connection.
        }
        finally
        {
            lock (_clients) { _clients.Remove(near); }
        }
    }

    // A connection that was swallowed stays so: what comes back later is a new one.
    private async Task PumpAsync(Socket from, Socket to, bool fromClient)
    {
        byte[] buffer = new byte[16 * 1024];
        bool swallowed = false;
        try
        {
            while (true)
            {
                int read = await from.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                swallowed |= _swallows || (_losesAnswers && !fromClient);
                if (fromClient)
                {
                    Interlocked.Add(ref _fromClient, read);
                }

                if (swallowed && read > 0)
                {
                    continue;
                }

                if (swallowed)
                {
                    // The other end does not hear of the close either.
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                }

                if (read == 0)
                {
                    return;
                }

                if (fromClient && ClosesOn is { } words && buffer.AsSpan(0, read).IndexOf(words) >= 0)
                {
                    from.Shutdown(SocketShutdown.Both);
                    to.Close();
                    return;
                }

                int pass = read;
                if (fromClient)
                {
                    long left = Volatile.Read(ref _resetAfter);
                    pass = (int)Math.Min(read, left);
                    Volatile.Write(ref _resetAfter, left == long.MaxValue ? left : left - pass);
                }

                for (int at = 0; at < pass;)
                {
                    at += await to.SendAsync(buffer.AsMemory(at, Fragments ? 1 : pass - at), _stop.Token);
                }

                if (pass < read)
                {
                    // Both ends see a reset in the middle of a packet.
                    Volatile.Write(ref _resetAfter, long.MaxValue);
                    from.Close(0);
                    to.Close(0);
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other pump, or the end of the test.
        }
    }
}
