namespace IotOps.Archive.Uploading;

/// <summary>Another's stream, which stays open when its borrower, the SDK, closes this one.</summary>
internal sealed class BorrowedStream(Stream owner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => owner.Length;

    public override long Position
    {
        get => owner.Position;
        set => owner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => owner.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => owner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        owner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        owner.ReadAsync(buffer, offset, count, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => owner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
