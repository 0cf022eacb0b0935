using System.Threading.Channels;

namespace IotOps.Archive.Fetching;

/// <summary>
/// Fetches objects ahead of their reader, in order, within a budget of bytes and a number of requests. A slow object holds up those
/// behind it only once the budget is full of them; it has its own share from the start, so it always gets on. One reads.
/// </summary>
internal sealed class FetchAhead : IAsyncDisposable
{
    // What is fetched and not yet read is bounded by bytes; this bounds their number when they are tiny. Full: no more begin.
    private const int MostObjects = 4_096;

    private readonly Channel<FetchedObject> _begun = Channel.CreateBounded<FetchedObject>(
        new BoundedChannelOptions(MostObjects) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _requests;
    private readonly ByteBudget _budget;
    private readonly ObjectFetcher _fetcher;
    private readonly Task _beginning;

    public FetchAhead(IEnumerable<LogObject> objects, ObjectFetcher fetcher, ByteBudget budget, int requests, CancellationToken cancellationToken)
    {
        _fetcher = fetcher;
        _budget = budget;
        _requests = new SemaphoreSlim(requests);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Off the reader's thread: an enumeration of a hundred thousand objects is not its business.
        _beginning = Task.Run(() => BeginAllAsync(objects), CancellationToken.None);
    }

    /// <summary>The next object, in the order given; null after the last.</summary>
    public async ValueTask<FetchedObject?> NextAsync(CancellationToken cancellationToken)
    {
        if (_begun.Reader.TryRead(out FetchedObject? ready))
        {
            return ready;
        }

        return await _begun.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _begun.Reader.TryRead(out ready) ? ready : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _beginning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_begun.Reader.TryRead(out FetchedObject? unread))
        {
            await unread.DisposeAsync().ConfigureAwait(false);
        }

        _requests.Dispose();
        _stop.Dispose();
    }

    private async Task BeginAllAsync(IEnumerable<LogObject> objects)
    {
        Exception? failure = null;
        try
        {
            foreach (LogObject source in objects)
            {
                long bytes = FetchedObject.Reservation(source);
                await _budget.ReserveAsync(bytes, _stop.Token).ConfigureAwait(false);
                await _requests.WaitAsync(_stop.Token).ConfigureAwait(false);
                var begun = new FetchedObject(source, released => _budget.Release(FetchedObject.Reservation(released.Source)));
                begun.Begin(_fetcher, () => _requests.Release(), _stop.Token);
                if (!_begun.Writer.TryWrite(begun))
                {
                    await WriteAsync(begun).ConfigureAwait(false);
                }
            }
        }
#pragma warning disable CA1031 // Whatever it is, the reader throws it: a list that broke off must not pass for one that ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }
        finally
        {
            _begun.Writer.Complete(failure);
        }
    }

    private async Task WriteAsync(FetchedObject begun)
    {
        try
        {
            await _begun.Writer.WriteAsync(begun, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await begun.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
