using IotOps.Mqtt;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.FleetTool.Simulation;

/// <summary>Simulated devices as MQTT clients without TLS, each over a line of its own; the certificate's id goes as the user name.</summary>
internal sealed class MqttLink(string host, int port) : ISimulatedLink, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (MqttConnection Connection, SimulatedLine Line)> _devices = new(StringComparer.Ordinal);

    public async Task ConnectAsync(string device, string principal, CancellationToken cancellationToken)
    {
        await DisconnectAsync(device, isCut: true);
        var line = new SimulatedLine(host, port);
        var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = line.Port,
            Tls = null,
            ClientId = device,
            UserName = principal,
            CleanStart = true,
            SessionExpiry = TimeSpan.Zero,
            CloseTimeout = TimeSpan.FromSeconds(1),
        });
        _devices[device] = (connection, line);
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await connection.ConnectAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            await DisconnectAsync(device, isCut: true);
            throw new TimeoutException($"the broker at {host}:{port} did not let it in within {Patience.TotalSeconds} seconds", e);
        }
    }

    public async Task DisconnectAsync(string device, bool isCut)
    {
        if (!_devices.Remove(device, out (MqttConnection Connection, SimulatedLine Line) one))
        {
            return;
        }

        IAsyncDisposable[] ends = isCut ? [one.Line, one.Connection] : [one.Connection, one.Line];
        foreach (IAsyncDisposable end in ends)
        {
            await end.DisposeAsync();
        }
    }

    public async Task PublishAsync(string device, string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (!_devices.TryGetValue(device, out (MqttConnection Connection, SimulatedLine Line) one))
        {
            throw new InvalidOperationException("it is not connected");
        }

        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await one.Connection.PublishAsync(topic, payload, cancellationToken: limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string device in _devices.Keys.ToArray())
        {
            await DisconnectAsync(device, isCut: false);
        }
    }
}
