using Microsoft.Extensions.Hosting;

namespace IotOps.Shared;

/// <summary>
/// Runs a service's work from the start of its host to the end. The start does not wait for the work, but fails with what the work throws at once;
/// what it throws later is a background service's: it ends the host unless <c>HostOptions.BackgroundServiceExceptionBehavior</c> says otherwise, and the process ends with 1.
/// </summary>
/// <param name="service">The service, made when the host starts.</param>
/// <param name="run">Its work, until it is cancelled.</param>
internal sealed class ServiceRunner<T>(Func<T> service, Func<T, CancellationToken, Task> run) : BackgroundService
    where T : class
{
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _work = run(service(), _stop.Token);
        return _work.IsFaulted ? _work : base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using CancellationTokenRegistration stopping = stoppingToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        try
        {
            await _work.ConfigureAwait(false);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The host stops in good order now and would end with 0, which a supervisor takes for success.
            Environment.ExitCode = 1;
            throw;
        }
    }
}
