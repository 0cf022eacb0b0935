using System.Buffers;
using System.IO.Pipelines;

namespace IotOps.Archive.Fetching;

/// <summary>An object on its way here. Small ones are gathered whole, others flow through a pipe of bounded size.</summary>
internal sealed class FetchedObject : IAsyncDisposable
{
    /// <summary>Up to here an object is gathered whole.</summary>
    public const int LargestWhole = 256 << 10;

    /// <summary>Bytes of a larger one that may wait to be read.</summary>
    public const int Window = 1 << 20;

    private const int LargestPeek = 16 << 10;

    private static readonly PipeOptions Piping = new(
        pauseWriterThreshold: Window, resumeWriterThreshold: Window / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false);

    private readonly Action<FetchedObject> _released;
    private readonly byte[]? _whole;
    private readonly Pipe? _pipe;
    private Task _fetch = Task.CompletedTask;
    private int _length;

    public FetchedObject(LogObject source, Action<FetchedObject> released)
    {
        Source = source;
        _released = released;
        if (source.Size <= LargestWhole)
        {
            _whole = ArrayPool<byte>.Shared.Rent((int)source.Size);
        }
        else
        {
            _pipe = new Pipe(Piping);
        }
    }

    public LogObject Source { get; }

    /// <summary>Bytes to reserve for an object: what it may hold, and what keeping it costs.</summary>
    public static long Reservation(LogObject source) => source.Size <= LargestWhole ? source.Size + 1024 : Window + (64 << 10);

    public void Begin(ObjectFetcher fetcher, Action ended, CancellationToken cancellationToken) =>
        _fetch = _whole is null ? PipeAsync(fetcher, ended, cancellationToken) : GatherAsync(fetcher, ended, cancellationToken);

    /// <summary>Its first bytes, without taking them: 16 KiB of a large object, all of a small one.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        if (_pipe is null)
        {
            await _fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
            return _whole.AsMemory(0, _length);
        }

        ReadResult read = await _pipe.Reader.ReadAtLeastAsync(LargestPeek, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> head = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, LargestPeek)).ToArray();
        _pipe.Reader.AdvanceTo(read.Buffer.Start);
        return head;
    }

    /// <summary>The object's bytes. Reading fails as the fetch failed.</summary>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        if (_pipe is not null)
        {
            return _pipe.Reader.AsStream(leaveOpen: true);
        }

        await _fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new MemoryStream(_whole!, 0, _length, writable: false, publiclyVisible: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipe is not null)
        {
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }

        // Whoever read the object has seen how the fetch failed; whoever did not does not want to know.
        await _fetch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_whole is not null)
        {
            ArrayPool<byte>.Shared.Return(_whole);
        }

        _released(this);
    }

    private async Task GatherAsync(ObjectFetcher fetcher, Action ended, CancellationToken cancellationToken)
    {
        try
        {
            await fetcher.FetchAsync(
                Source,
                () => _whole.AsMemory(_length),
                count =>
                {
                    _length += count;
                    return ValueTask.FromResult(true);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ended();
        }
    }

    private async Task PipeAsync(ObjectFetcher fetcher, Action ended, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await fetcher.FetchAsync(
                Source,
                () => _pipe!.Writer.GetMemory(64 << 10),
                async count =>
                {
                    _pipe!.Writer.Advance(count);
                    FlushResult flushed = await _pipe.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                    return !flushed.IsCompleted;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Handed to the reader of the pipe, which throws it.
            failure = e;
        }
        finally
        {
            ended();
            await _pipe!.Writer.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}
