namespace IotOps.Archive.Deflate;

/// <summary>
/// Steps that are worked on side by side and written one after the other. There is no thread of its own: whoever adds a step writes those that
/// are ready, and waits for the oldest when too many are not.
/// </summary>
internal sealed class BlockPipeline(Stream stream, int threads) : IAsyncDisposable
{
    private readonly Queue<PipelineStep> _steps = new();
    private readonly DeflateWorkers _workers = new(threads);
    private readonly int _maxBlocks = 2 * threads;
    private int _blocks;

    /// <summary>Where everything goes.</summary>
    public BufferedOutput Output { get; } = new(stream);

    /// <summary>Starts compressing a block; the step that is to write it is added next.</summary>
    public void Start(DeflateBlock block) => _workers.Start(block);

    /// <summary>Adds a step behind the others, and writes what is ready.</summary>
    public async ValueTask AddAsync(PipelineStep step, CancellationToken cancellationToken)
    {
        Add(step);
        while (_steps.TryPeek(out PipelineStep? oldest) && (oldest.IsReady || _blocks > _maxBlocks))
        {
            await WriteOldestAsync(oldest, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a step that is only written with a later one.</summary>
    public void Add(PipelineStep step)
    {
        _steps.Enqueue(step);
        _blocks += step.HoldsBlock ? 1 : 0;
    }

    /// <summary>Writes all steps.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (_steps.TryPeek(out PipelineStep? oldest))
        {
            await WriteOldestAsync(oldest, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the workers and gives all memory back. What was not written is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_steps.TryDequeue(out PipelineStep? step))
        {
            await step.ReleaseAsync().ConfigureAwait(false);
        }

        Output.Dispose();
    }

    private async ValueTask WriteOldestAsync(PipelineStep oldest, CancellationToken cancellationToken)
    {
        await oldest.WriteAsync(Output, cancellationToken).ConfigureAwait(false);
        _steps.Dequeue();
        await oldest.ReleaseAsync().ConfigureAwait(false);
        _blocks -= oldest.HoldsBlock ? 1 : 0;
    }
}
