using Microsoft.Extensions.Hosting;

namespace IotOps.Logs.DependencyInjection;

/// <summary>Starts a shipper with its host, and drains it when the host stops, for as long as the host allows.</summary>
internal sealed class LogShipperHost(LogShipper shipper) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        shipper.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => shipper.StopAsync(cancellationToken);
}
