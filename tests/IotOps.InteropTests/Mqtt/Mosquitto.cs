using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Mqtt;

/// <summary>A mosquitto of one test's own, which can be stopped, killed and started again on its port.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempDirectory _directory = new();
    private readonly string _program;
    private readonly string _configuration;
    private Process? _process;

    private Mosquitto(string program, int port, string extra, bool anonymous)
    {
        _program = program;
        Port = port;
        _configuration = _directory["mosquitto.conf"];
        File.WriteAllText(_configuration, $"persistence false\nlog_type none\nset_tcp_nodelay true\n{extra}\nlistener {port} 127.0.0.1\nallow_anonymous {(anonymous ? "true" : "false")}\n");
    }

    public int Port { get; }

    public static async Task<Mosquitto> StartAsync(InteropPeers peers, string extra = "", bool anonymous = true)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var broker = new Mosquitto(peers.Require("mosquitto").Program, port, extra, anonymous);
        await broker.StartAsync();
        return broker;
    }

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(_program, ["-c", _configuration]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }
    }

    /// <summary>SIGSTOP: it holds its connections and answers nothing.</summary>
    public async Task FreezeAsync() => await PeerCommand.RunAsync("kill", ["-STOP", _process!.Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _directory.Dispose();
    }
}
