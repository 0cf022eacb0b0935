namespace IotOps.Archive.Uploading;

/// <summary>Reads chunks of memory that belong to somebody else. The SDK wants to seek: it hashes before it sends, and sends again.</summary>
internal sealed class ChunkStream(IReadOnlyList<byte[]> chunks, int chunkBytes, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int at = (int)(Position % chunkBytes);
        int count = (int)Math.Min(Math.Min(buffer.Length, chunkBytes - at), length - Position);
        if (count <= 0)
        {
            return 0;
        }

        chunks[(int)(Position / chunkBytes)].AsSpan(at, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
