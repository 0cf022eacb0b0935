namespace IotOps.Logs.Shipping;

internal sealed class NoCheckpoint : ICheckpoint
{
    public Task CommitAsync(IReadOnlyList<SourcePosition> positions, CancellationToken cancellationToken) => Task.CompletedTask;
}
