namespace IotOps.Emulator.S3;

/// <summary>Makes blobs: in memory, or in files under a directory.</summary>
internal sealed class BlobStore(string? directory)
{
    private const int PieceBytes = 256 << 10;

    /// <summary>Makes a blob of what <paramref name="read"/> gives until it gives 0; nothing is kept when it throws.</summary>
    public Task<Blob> CreateAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken cancellationToken) =>
        directory is null ? CreateInMemoryAsync(read, cancellationToken) : CreateFileAsync(directory, read, cancellationToken);

    /// <summary>Makes one blob of several.</summary>
    public async Task<Blob> JoinAsync(IReadOnlyList<Blob> parts, CancellationToken cancellationToken)
    {
        if (directory is null)
        {
            return new MemoryBlob([.. parts.Cast<MemoryBlob>().SelectMany(p => p.Pieces)]);
        }

        string path = NewPath(directory);
        FileStream target = File.Create(path);
        await using (target.ConfigureAwait(false))
        {
            foreach (Blob part in parts)
            {
                await part.CopyToAsync(target, 0, part.Length, cancellationToken).ConfigureAwait(false);
            }
        }

        return new FileBlob(path);
    }

    /// <summary>Makes a blob of a range of another.</summary>
    public async Task<Blob> SliceAsync(Blob source, long offset, long count, CancellationToken cancellationToken)
    {
        if (directory is null)
        {
            using var copy = new MemoryStream((int)count);
            await source.CopyToAsync(copy, offset, count, cancellationToken).ConfigureAwait(false);
            return new MemoryBlob([copy.ToArray()]);
        }

        string path = NewPath(directory);
        FileStream target = File.Create(path);
        await using (target.ConfigureAwait(false))
        {
            await source.CopyToAsync(target, offset, count, cancellationToken).ConfigureAwait(false);
        }

        return new FileBlob(path);
    }

    private static async Task<Blob> CreateInMemoryAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken cancellationToken)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        byte[] piece = new byte[4 << 10];
        int used = 0;
        int count;
        while ((count = await read(piece.AsMemory(used), cancellationToken).ConfigureAwait(false)) > 0)
        {
            used += count;
            if (used == piece.Length)
            {
                pieces.Add(piece);
                piece = new byte[Math.Min(piece.Length * 4, PieceBytes)];
                used = 0;
            }
        }

        if (used > 0)
        {
            pieces.Add(piece.AsSpan(0, used).ToArray());
        }

        return new MemoryBlob(pieces);
    }

    private static async Task<Blob> CreateFileAsync(
        string directory, Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken cancellationToken)
    {
        string path = NewPath(directory);
        try
        {
            FileStream target = File.Create(path);
            await using (target.ConfigureAwait(false))
            {
                byte[] buffer = new byte[64 << 10];
                int count;
                while ((count = await read(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                }
            }

            return new FileBlob(path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static string NewPath(string directory) => Path.Combine(directory, Guid.NewGuid().ToString("N") + ".blob");
}
