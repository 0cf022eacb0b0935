using IotOps.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.SlackExport.Lambda;

/// <summary>Runs a host whose requests come from Lambda's runtime API.</summary>
internal static class LambdaHost
{
    /// <summary>Starts the host, answers events until it is asked to stop, and disposes it.</summary>
    /// <param name="host">A host with a <see cref="SlackExportServer"/>.</param>
    /// <param name="runtimeApi">Value of AWS_LAMBDA_RUNTIME_API.</param>
    /// <param name="commandPath">The slash command's path.</param>
    /// <param name="cancellationToken">Asks the host to stop.</param>
    public static async Task RunAsync(IHost host, string runtimeApi, string commandPath, CancellationToken cancellationToken)
    {
        try
        {
            SlackExportServer server = host.Services.GetService<SlackExportServer>()
                ?? throw new InvalidOperationException("RunSlackLambdaAsync needs services.AddIotOpsSlackExport(options) before it.");
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
            using var runtime = new LambdaRuntime(runtimeApi);
            var loop = new LambdaLoop(runtime, server.Endpoint, server.Downloads, server.FailedJobs, server.Address, server.InFlight, new LambdaPaths(commandPath), server.TimeProvider, server.Logger);
            try
            {
                await loop.RunAsync(stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Lambda gives a process two seconds, which is no time to wait for late work.
                await host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            }
        }
        finally
        {
            await DisposeAsync(host).ConfigureAwait(false);
        }
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            host.Dispose();
        }
    }
}
