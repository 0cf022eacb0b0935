using IotOps.Samples.CommandLine;
using Microsoft.Extensions.Hosting;

namespace IotOps.Samples.LogExport;

/// <summary>Ends the host at the first SIGTERM or Ctrl+C and, unlike the host's own lifetime, the process at the second.</summary>
internal sealed class SignalLifetime(IHostApplicationLifetime host) : IHostLifetime, IDisposable
{
    private readonly ShutdownSignals _signals = new();

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Requested.Register(host.StopApplication);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.Dispose();
}
