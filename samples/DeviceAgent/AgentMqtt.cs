using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>The running agent's one MQTT connection, which its services share.</summary>
internal sealed class AgentMqtt : IAsyncDisposable
{
    private readonly MqttConnection _connection;
    private readonly ILogger _logger;
    private Task _connecting = Task.CompletedTask;
    private volatile bool _stopping;

    private AgentMqtt(MqttConnection connection, ILogger logger)
    {
        _connection = connection;
        _logger = logger;
    }

    /// <summary>What the services publish and subscribe by, connected or not.</summary>
    public IMqttConnection Connection => _connection;

    /// <summary>Messages that none of the services took.</summary>
    public long Unmatched => _connection.Unmatched;

    /// <summary>Prepares the connection; null when no service needs one.</summary>
    public static AgentMqtt? Open(AgentConfig config, ILoggerFactory loggers, ILogger logger) =>
        config.Mqtt is { } mqtt ? new AgentMqtt(new MqttConnection(AgentConnection.Of(config, mqtt, loggers)), logger) : null;

    /// <summary>Begins to connect, once the services are there that will subscribe.</summary>
    public void Connect() => _connecting = ConnectAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await _connection.DisposeAsync();
        await _connecting;
    }

    // The first refusal that no retry mends is told; edits are kept on disk, and logs are shipped all the same.
    private async Task ConnectAsync()
    {
        try
        {
            await _connection.ConnectAsync();
        }
        catch (Exception e) when (_stopping && e is MqttException or ObjectDisposedException)
        {
            // Stopped before the broker had answered.
        }
        catch (MqttException e)
        {
            Log.NotConnected(_logger, e.Message);
        }
    }
}
