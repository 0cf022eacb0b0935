namespace IotOps.Emulator.S3;

/// <summary>Bytes in memory, in pieces so that a large object needs no large array.</summary>
internal sealed class MemoryBlob(IReadOnlyList<ReadOnlyMemory<byte>> pieces) : Blob
{
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces { get; } = pieces;

    public override long Length { get; } = pieces.Sum(p => (long)p.Length);

    public override async Task CopyToAsync(Stream target, long offset, long count, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> piece in Pieces)
        {
            if (count == 0)
            {
                return;
            }

            if (offset >= piece.Length)
            {
                offset -= piece.Length;
                continue;
            }

            int take = (int)Math.Min(count, piece.Length - offset);
            await target.WriteAsync(piece.Slice((int)offset, take), cancellationToken).ConfigureAwait(false);
            offset = 0;
            count -= take;
        }
    }
}
