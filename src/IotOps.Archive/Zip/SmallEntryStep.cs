using System.Buffers;
using IotOps.Archive.Deflate;

namespace IotOps.Archive.Zip;

/// <summary>An entry of one block: its header knows the sizes, and where deflate gains nothing its bytes stand as they are.</summary>
internal sealed class SmallEntryStep(UnfinishedEntry entry, DeflateBlock block, List<ZipEntry> entries, long offset) : PipelineStep
{
    public override bool IsReady => block.Done.IsCompleted;

    public override bool HoldsBlock => true;

    public override async ValueTask WriteAsync(BufferedOutput output, CancellationToken cancellationToken)
    {
        await block.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        bool stored = block.Compressed.Length >= block.Length;
        ReadOnlyMemory<byte> content = stored ? block.Plain : block.Compressed;
        entry.HeaderOffset = offset + output.Position;
        entry.Add(block.Crc, block.Length, content.Length);
        ZipEntry whole = entry.ToEntry(stored);

        byte[] buffer = ArrayPool<byte>.Shared.Rent(ZipFormat.MaxRecord);
        try
        {
            int length = ZipFormat.WriteLocalHeader(buffer, whole);
            await output.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            await output.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        entries.Add(whole);
    }

    public override ValueTask ReleaseAsync() => block.ReleaseAsync();
}
