using IotOps.Mqtt;
using IotOps.Shadow;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Shadow;

/// <summary>The running agent's shadows: the connection, the cache over it, and the socket by which <c>DeviceAgent shadow</c> reaches them.</summary>
internal sealed class AgentShadow : IAsyncDisposable
{
    private readonly MqttConnection _connection;
    private readonly ShadowCache _cache;
    private readonly ShadowSocket _socket;
    private readonly Task _connecting;

    private AgentShadow(MqttConnection connection, ShadowCache cache, ShadowSocket socket, ILogger logger)
    {
        _connection = connection;
        _cache = cache;
        _socket = socket;
        _cache.Start();
        _connecting = ConnectAsync(logger);
    }

    /// <summary>Opens the stored shadows and begins to connect; null when the configuration has no shadow.</summary>
    public static async Task<AgentShadow?> StartAsync(AgentConfig config, ILoggerFactory loggers, ILogger logger)
    {
        if (config is not { Shadow: { } shadow, Mqtt: { } mqtt })
        {
            return null;
        }

        var connection = new MqttConnection(AgentConnection.Of(config, mqtt, loggers));
        ShadowCache? cache = null;
        try
        {
            cache = new ShadowCache(new ShadowCacheOptions
            {
                Connection = connection,
                ThingName = config.Thing!,
                Shadows = shadow.Names,
                Sync = shadow.Sync,
                StateDirectory = Path.Combine(config.StateDirectory, "shadow"),
                LoggerFactory = loggers,
            });
            return new AgentShadow(connection, cache, ShadowSocket.Open(config.StateDirectory, cache), logger);
        }
        catch
        {
            if (cache is not null)
            {
                await cache.DisposeAsync();
            }

            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _cache.DisposeAsync();
        await _connection.DisposeAsync();
        await _connecting;
    }

    // The first refusal that no retry mends is told; edits are kept on disk, and logs are shipped all the same.
    private async Task ConnectAsync(ILogger logger)
    {
        try
        {
            await _connection.ConnectAsync();
        }
        catch (MqttException e)
        {
            Log.NotConnected(logger, e.Message);
        }
        catch (ObjectDisposedException)
        {
            // Stopped before the broker had answered.
        }
    }
}
