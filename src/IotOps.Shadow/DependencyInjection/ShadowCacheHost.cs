using Microsoft.Extensions.Hosting;

namespace IotOps.Shadow.DependencyInjection;

/// <summary>Starts a cache with its host, and ends its conversation when the host stops.</summary>
internal sealed class ShadowCacheHost(ShadowCache cache) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cache.Start();
        return Task.CompletedTask;
    }

    // The container disposes the cache after every hosted service has stopped: those may edit until their end.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
