using System.Buffers;
using IotOps.Archive.Deflate;

namespace IotOps.Archive.Zip;

/// <summary>The header of an entry whose sizes nobody knows yet.</summary>
internal sealed class HeaderStep(UnfinishedEntry entry, long offset) : PipelineStep
{
    public override async ValueTask WriteAsync(BufferedOutput output, CancellationToken cancellationToken)
    {
        entry.HeaderOffset = offset + output.Position;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ZipFormat.MaxRecord);
        try
        {
            int length = ZipFormat.WriteLocalHeader(buffer, entry.ToEntry(stored: false));
            await output.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
