using IotOps.Shared;

namespace IotOps.Archive.Uploading;

/// <summary>Another's stream, which stays open when its borrower, the SDK, closes this one.</summary>
internal sealed class BorrowedStream(Stream owner) : ReadOnlyStream
{
    public override bool CanSeek => true;

    public override long Length => owner.Length;

    public override long Position
    {
        get => owner.Position;
        set => owner.Position = value;
    }

    public override int Read(Span<byte> buffer) => owner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        owner.ReadAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => owner.Seek(offset, origin);
}
