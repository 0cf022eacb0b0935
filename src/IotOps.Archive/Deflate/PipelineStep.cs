namespace IotOps.Archive.Deflate;

/// <summary>Something that goes to the output when all before it has gone.</summary>
internal abstract class PipelineStep
{
    /// <summary>True when it can be written without waiting for a worker.</summary>
    public virtual bool IsReady => true;

    /// <summary>True when a block's memory waits with it.</summary>
    public virtual bool HoldsBlock => false;

    /// <summary>Writes it. Called once, in order; waits for its worker.</summary>
    public abstract ValueTask WriteAsync(BufferedOutput output, CancellationToken cancellationToken);

    /// <summary>Gives memory back. A worker that still works on it is waited for first.</summary>
    public virtual ValueTask ReleaseAsync() => ValueTask.CompletedTask;
}
