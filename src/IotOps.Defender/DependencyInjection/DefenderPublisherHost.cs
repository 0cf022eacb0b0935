using Microsoft.Extensions.Hosting;

namespace IotOps.Defender.DependencyInjection;

/// <summary>Starts a publisher with its host; the container disposes it.</summary>
internal sealed class DefenderPublisherHost(DefenderPublisher publisher) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        publisher.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
