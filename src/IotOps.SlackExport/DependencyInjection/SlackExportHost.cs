using Microsoft.Extensions.Hosting;

namespace IotOps.SlackExport.DependencyInjection;

/// <summary>Checks the options when the host starts, and lets late work behind answers finish when it stops.</summary>
internal sealed class SlackExportHost(SlackExportServer server) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A web server is registered later, so it has stopped by now: no request arrives any more.
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
}
