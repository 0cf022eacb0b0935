using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IotOps.InteropTests.Peers;

/// <summary>A server that runs until disposed, and no longer than this process even when that is killed.</summary>
public sealed class PeerServer : IAsyncDisposable
{
    // The pipe on standard input ends with whoever holds its other end: this process, however it goes.
    private const string Keeper = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        { read -r _ <&3; kill "$server" 2>/dev/null; } &
        wait "$server"
        """;

    private const int Attempts = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);

    private readonly Process _keeper;
    private readonly Task<string> _output;

    private PeerServer(Process keeper, int port)
    {
        _keeper = keeper;
        Port = port;
        _output = ReadAllAsync(keeper);
    }

    /// <summary>Loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary>Starts a server on a free port and waits until it lets itself be connected to.</summary>
    /// <param name="command">Program and arguments for a port.</param>
    public static async Task<PeerServer> StartAsync(Func<int, IReadOnlyList<string>> command)
    {
        for (int attempt = 1; ; attempt++)
        {
            // Another process may take the port before the server does; the server ends then, and another port is tried.
            int port = FreePort();
            var start = new ProcessStartInfo("/bin/sh", ["-c", Keeper, "sh", .. command(port)])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var server = new PeerServer(Process.Start(start)!, port);
            if (await server.IsReadyAsync())
            {
                return server;
            }

            await server.DisposeAsync();
            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"{string.Join(' ', command(port))} does not start:\n{await server._output}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        await _output;
        _keeper.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!_keeper.HasExited && TimeProvider.System.GetElapsedTime(start) < ReadyWithin)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(Poll, TimeProvider.System);
            }
        }

        return false;
    }

    private static async Task<string> ReadAllAsync(Process process)
    {
        string[] both = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        return string.Concat(both);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
