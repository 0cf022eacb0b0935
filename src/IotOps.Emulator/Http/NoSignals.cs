using Microsoft.Extensions.Hosting;

namespace IotOps.Emulator.Http;

/// <summary>Leaves SIGINT and SIGTERM to the process that the emulator is a guest in.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
