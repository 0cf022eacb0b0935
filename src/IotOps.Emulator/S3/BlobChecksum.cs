using IotOps.Emulator.Checksums;

namespace IotOps.Emulator.S3;

/// <summary>Reads a blob only to sum it up.</summary>
internal sealed class BlobChecksum : Stream
{
    private readonly Checksum _checksum;

    private BlobChecksum(Checksum checksum) => _checksum = checksum;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static async Task<byte[]> ComputeAsync(Blob blob, string algorithm, CancellationToken cancellationToken)
    {
        using var checksum = Checksum.Create(algorithm);
        var target = new BlobChecksum(checksum);
        await using (target.ConfigureAwait(false))
        {
            await blob.CopyToAsync(target, 0, blob.Length, cancellationToken).ConfigureAwait(false);
            return checksum.Finish();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => _checksum.Append(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => _checksum.Append(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _checksum.Append(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
