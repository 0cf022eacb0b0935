using Microsoft.Extensions.Hosting;

namespace IotOps.Shared;

/// <summary>Starts a service with its host, and drains it when the host stops, for as long as the host allows.</summary>
/// <param name="service">The service, made when the host starts.</param>
/// <param name="start">Starts it.</param>
/// <param name="stop">Drains it; null where the container's disposal is enough.</param>
internal sealed class ServiceHost<T>(Func<T> service, Action<T> start, Func<T, CancellationToken, Task>? stop) : IHostedService
    where T : class
{
    private T? _started;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = service();
        start(_started);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _started is { } started && stop is not null ? stop(started, cancellationToken) : Task.CompletedTask;
}
