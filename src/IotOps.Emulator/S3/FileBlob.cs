using System.Buffers;

namespace IotOps.Emulator.S3;

/// <summary>Bytes in a file of their own.</summary>
internal sealed class FileBlob(string path) : Blob
{
    public string Path { get; } = path;

    public override long Length { get; } = new FileInfo(path).Length;

    public override async Task CopyToAsync(Stream target, long offset, long count, CancellationToken cancellationToken)
    {
        FileStream source = File.OpenRead(Path);
        await using (source.ConfigureAwait(false))
        {
            source.Position = offset;
            byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
            try
            {
                while (count > 0)
                {
                    int read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw new EndOfStreamException($"{Path} is shorter than when it was stored; was the data directory changed by hand?");
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    count -= read;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    public override void Delete() => File.Delete(Path);
}
