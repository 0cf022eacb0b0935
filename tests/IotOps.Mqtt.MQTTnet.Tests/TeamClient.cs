using MQTTnet;
using WireVersion = MQTTnet.Formatter.MqttProtocolVersion;

namespace IotOps.Mqtt.Tests;

/// <summary>An MQTTnet client as a team has it: it connects, and connects again whenever the connection is lost.</summary>
internal sealed class TeamClient : IAsyncDisposable
{
    private readonly TimeSpan _delay;
    private readonly CancellationTokenSource _stop = new();
    private Task _connecting = Task.CompletedTask;

    public TeamClient(
        int port,
        string clientId,
        MqttProtocolVersion version = MqttProtocolVersion.V5,
        TimeSpan? delay = null)
    {
        _delay = delay ?? TimeSpan.FromMilliseconds(20);
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithClientId(clientId)
            .WithProtocolVersion(version == MqttProtocolVersion.V5 ? WireVersion.V500 : WireVersion.V311)
            .WithCleanStart(false)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(30))
            .WithoutPacketFragmentation();
        if (version == MqttProtocolVersion.V5)
        {
            builder.WithSessionExpiryInterval(3600);
        }

        Options = builder.Build();
    }

    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    public MqttClientOptions Options { get; }

    /// <summary>Connects once, and from then on again and again.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        await Client.ConnectAsync(Options, cancellationToken);
        _connecting = StayConnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connecting;
        Client.Dispose();
        _stop.Dispose();
    }

    private async Task StayConnectedAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!Client.IsConnected)
                {
                    await Client.ConnectAsync(Options, _stop.Token);
                }
            }
#pragma warning disable CA1031 // Whatever it was, the next round tries again, as a team's loop would.
            catch (Exception)
#pragma warning restore CA1031
            {
                // The broker is away, or the client is still disconnecting.
            }

            await Task.Delay(_delay, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
