using System.Runtime.InteropServices;

namespace IotOps.Samples.CommandLine;

/// <summary>SIGTERM and SIGINT (Ctrl+C): the first asks for an orderly end, a second ends the process at once.</summary>
public sealed class ShutdownSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    /// <summary>Takes the signals over until disposed.</summary>
    public ShutdownSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
    }

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Completes at the first signal.</summary>
    public async Task WaitAsync()
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = Requested.Register(signalled.SetResult);
        await signalled.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _requested.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Left uncancelled, the second signal does what it does to any process.
        context.Cancel = !_requested.IsCancellationRequested;
        _requested.Cancel();
    }
}
