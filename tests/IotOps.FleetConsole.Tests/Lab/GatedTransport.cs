namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>A way to AWS that a test can hold before certain calls.</summary>
internal sealed class GatedTransport() : DelegatingHandler(new SocketsHttpHandler())
{
    private TaskCompletionSource? _gate;

    /// <summary>Which calls are held: those that change something by PUT unless set.</summary>
    public Func<HttpRequestMessage, bool> Holds { get; set; } = static request => request.Method == HttpMethod.Put;

    /// <summary>Set when a call waits.</summary>
    public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate?.TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_gate is { Task.IsCompleted: false } gate && Holds(request))
        {
            Waits.TrySetResult();
            await gate.Task.WaitAsync(cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
