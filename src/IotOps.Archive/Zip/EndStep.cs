using IotOps.Archive.Deflate;

namespace IotOps.Archive.Zip;

/// <summary>The end of an entry that has its header: the last, empty block and the descriptor.</summary>
internal sealed class EndStep(UnfinishedEntry entry, List<ZipEntry> entries) : PipelineStep
{
    public override async ValueTask WriteAsync(BufferedOutput output, CancellationToken cancellationToken)
    {
        byte[] end = new byte[DeflateEncoder.EndOfStream.Length + ZipFormat.DescriptorBytes];
        DeflateEncoder.EndOfStream.CopyTo(end);
        entry.Add(crc: 0, length: 0, DeflateEncoder.EndOfStream.Length);
        int length = ZipFormat.WriteDescriptor(
            end.AsSpan(DeflateEncoder.EndOfStream.Length), entry.Crc, entry.CompressedLength, entry.Length, entry.IsNarrow);
        await output.WriteAsync(end.AsMemory(0, DeflateEncoder.EndOfStream.Length + length), cancellationToken).ConfigureAwait(false);
        entries.Add(entry.ToEntry(stored: false));
    }
}
