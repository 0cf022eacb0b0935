using IotOps.Archive.Uploading;

namespace IotOps.Archive.Sharding;

/// <summary>
/// Takes a piece's bytes: the first 5 MiB are kept back, so that what is joined in before them is long enough to be a part; what follows goes up in
/// parts, and what is left at the end is kept back, too.
/// </summary>
internal sealed class PieceOutput(PartedUpload upload) : Stream
{
    private readonly MemoryStream _head = new();

    public ReadOnlyMemory<byte> Head => _head.GetBuffer().AsMemory(0, (int)_head.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");
}
