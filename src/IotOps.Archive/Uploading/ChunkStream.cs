using IotOps.Shared;

namespace IotOps.Archive.Uploading;

/// <summary>Reads chunks of memory that belong to somebody else. The SDK wants to seek: it hashes before it sends, and sends again.</summary>
internal sealed class ChunkStream(IReadOnlyList<byte[]> chunks, int chunkBytes, long length) : ReadOnlyStream
{
    public override bool CanSeek => true;

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

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };
}
