using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>A store whose process ends after some batches: it has the last one, and the feed does not learn that.</summary>
internal sealed class EndingStore(IConsoleWriter inner, int batches) : IConsoleWriter, IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private int _left = batches;

    public CancellationToken Ended => _ended.Token;

    public void Dispose() => _ended.Dispose();

    public async Task<AppendResult> AppendAsync(ConsoleBatch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AppendResult result = await inner.AppendAsync(batch, CancellationToken.None);
        if (--_left == 0)
        {
            await _ended.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    public Task<ReadOnlyMemory<byte>?> ReadPositionAsync(string feed, CancellationToken cancellationToken = default) => inner.ReadPositionAsync(feed, cancellationToken);

    public Task<long> MaintainAsync(DateTimeOffset now, CancellationToken cancellationToken = default) => inner.MaintainAsync(now, cancellationToken);
}
