using IotOps.Archive.Uploading;
using IotOps.Shared;

namespace IotOps.Archive.Sharding;

/// <summary>
/// Takes a piece's bytes: the first 5 MiB are kept back, so that what is joined in before them is long enough to be a part; what follows goes up in
/// parts, and what is left at the end is kept back, too.
/// </summary>
internal sealed class PieceOutput(PartedUpload upload) : WriteOnlyStream
{
    private readonly MemoryStream _head = new();

    public ReadOnlyMemory<byte> Head => _head.GetBuffer().AsMemory(0, (int)_head.Length);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int taken = (int)Math.Min(buffer.Length, PartPlan.SmallestPart - _head.Length);
        _head.Write(buffer.Span[..taken]);
        if (taken < buffer.Length)
        {
            await upload.WriteAsync(buffer[taken..], cancellationToken).ConfigureAwait(false);
            if (upload.IsDue)
            {
                await upload.CutAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
