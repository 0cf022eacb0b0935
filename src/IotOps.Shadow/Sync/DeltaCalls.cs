using Microsoft.Extensions.Logging;

namespace IotOps.Shadow.Sync;

/// <summary>Calls a handler for each delta until it is disposed.</summary>
internal sealed class DeltaCalls : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly DeviceShadow _shadow;
    private readonly Func<ShadowDelta, CancellationToken, ValueTask> _handler;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public DeltaCalls(DeviceShadow shadow, Func<ShadowDelta, CancellationToken, ValueTask> handler, ILogger logger)
    {
        _shadow = shadow;
        _handler = handler;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (ShadowDelta delta in _shadow.DeltasAsync(_stop.Token).ConfigureAwait(false))
            {
                await CallAsync(delta).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async ValueTask CallAsync(ShadowDelta delta)
    {
        try
        {
            await _handler(delta, _stop.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The handler is the host's; what it throws must not end the calls.
        catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.DeltaHandlerFailed(_logger, _shadow.Id, e);
        }
    }
}
