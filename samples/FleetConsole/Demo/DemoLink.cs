using IotOps.Emulator;
using IotOps.Mqtt;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.FleetConsole.Demo;

/// <summary>Simulated devices on the emulator's broker. A device that the emulator sends away, because it is quarantined, stays away.</summary>
/// <param name="emulator">The emulator.</param>
/// <param name="except">A device that another link speaks for; null for none.</param>
internal sealed class DemoLink(AwsEmulator emulator, string? except = null) : ISimulatedLink, IAsyncDisposable
{
    private readonly Dictionary<string, MqttConnection> _devices = new(StringComparer.Ordinal);

    public async Task ConnectAsync(string device, string principal, CancellationToken cancellationToken)
    {
        if (device == except)
        {
            return;
        }

        await DisconnectAsync(device, isCut: false);
        var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = emulator.Mqtt.Port,
            Tls = null,
            ClientId = device,
            UserName = principal,
            CleanStart = true,
            SessionExpiry = TimeSpan.Zero,
            CloseTimeout = TimeSpan.FromSeconds(1),
        });
        _devices[device] = connection;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        await connection.ConnectAsync(late.Token);
    }

    public async Task DisconnectAsync(string device, bool isCut)
    {
        if (_devices.Remove(device, out MqttConnection? connection))
        {
            if (isCut)
            {
                emulator.Mqtt.Cut(device);
            }

            await connection.DisposeAsync();
        }
    }

    public async Task PublishAsync(string device, string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_devices.TryGetValue(device, out MqttConnection? connection))
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(TimeSpan.FromSeconds(10));
            await connection.PublishAsync(topic, payload, cancellationToken: late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string device in _devices.Keys.ToArray())
        {
            await DisconnectAsync(device, isCut: false);
        }
    }
}
