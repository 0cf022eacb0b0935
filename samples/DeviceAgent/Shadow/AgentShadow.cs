using IotOps.Mqtt;
using IotOps.Shadow;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Shadow;

/// <summary>The running agent's shadows: the cache, and the socket by which <c>DeviceAgent shadow</c> reaches it.</summary>
internal sealed class AgentShadow : IAsyncDisposable
{
    private readonly ShadowCache _cache;
    private readonly LineSocket _socket;

    private AgentShadow(ShadowCache cache, LineSocket socket)
    {
        _cache = cache;
        _socket = socket;
        _cache.Start();
    }

    /// <summary>Opens the stored shadows; null when the configuration has no shadow.</summary>
    public static async Task<AgentShadow?> StartAsync(AgentConfig config, IMqttConnection? connection, ILoggerFactory loggers)
    {
        if (config.Shadow is not { } shadow || connection is null)
        {
            return null;
        }

        var cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = config.Thing!,
            Shadows = shadow.Names,
            Sync = shadow.Sync,
            StateDirectory = Path.Combine(config.StateDirectory, "shadow"),
            LoggerFactory = loggers,
        });
        try
        {
            return new AgentShadow(cache, ShadowSocket.Open(config.StateDirectory, cache));
        }
        catch
        {
            await cache.DisposeAsync();
            throw;
        }
    }

    /// <summary>The shadows.</summary>
    public ShadowCache Cache => _cache;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _cache.DisposeAsync();
    }
}
