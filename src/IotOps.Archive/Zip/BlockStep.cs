using IotOps.Archive.Deflate;

namespace IotOps.Archive.Zip;

/// <summary>A compressed block of an entry that has its header.</summary>
internal sealed class BlockStep(UnfinishedEntry entry, DeflateBlock block) : PipelineStep
{
    public override bool IsReady => block.Done.IsCompleted;

    public override bool HoldsBlock => true;

    public override async ValueTask WriteAsync(BufferedOutput output, CancellationToken cancellationToken)
    {
        await block.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(block.Compressed, cancellationToken).ConfigureAwait(false);
        entry.Add(block.Crc, block.Length, block.Compressed.Length);
    }

    public override ValueTask ReleaseAsync() => block.ReleaseAsync();
}
