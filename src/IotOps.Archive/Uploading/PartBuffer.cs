using System.Buffers;
using IotOps.Archive.Spooling;

namespace IotOps.Archive.Uploading;

/// <summary>The bytes of one part until it is uploaded: in memory, and beyond 32 MiB in a file that nobody else sees.</summary>
internal sealed class PartBuffer : IDisposable
{
    /// <summary>Bytes that are kept in memory at most.</summary>
    public const int LargestInMemory = 32 << 20;

    private const int ChunkBytes = 1 << 20;

    private readonly List<byte[]> _chunks = [];
    private readonly string _directory;
    private FileStream? _file;

    /// <param name="directory">Where the file goes.</param>
    /// <param name="expected">Bytes that will come; above 32 MiB they go to the file from the start.</param>
    public PartBuffer(string directory, long expected)
    {
        _directory = directory;
        if (expected > LargestInMemory)
        {
            _file = TemporaryFile.Create(_directory, "part");
        }
    }

    public long Length { get; private set; }

    /// <summary>CRC-32 of the bytes.</summary>
    public uint Crc32 { get; private set; }

    public bool IsOnDisk => _file is not null;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Crc32 = Shared.Crc32.Append(Crc32, bytes.Span);
        if (_file is null && Length + bytes.Length > LargestInMemory)
        {
            await SpillAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_file is not null)
        {
            await _file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            Length += bytes.Length;
            return;
        }

        while (!bytes.IsEmpty)
        {
            int at = (int)(Length % ChunkBytes);
            if (at == 0)
            {
                _chunks.Add(ArrayPool<byte>.Shared.Rent(ChunkBytes));
            }

            int count = Math.Min(bytes.Length, ChunkBytes - at);
            bytes[..count].CopyTo(_chunks[^1].AsMemory(at));
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>The bytes from their start. Valid as long as the buffer; one at a time.</summary>
    public Stream OpenRead()
    {
        if (_file is not null)
        {
            _file.Position = 0;
            return new BorrowedStream(_file);
        }

        return new ChunkStream(_chunks, ChunkBytes, Length);
    }

    public void Dispose()
    {
        GiveBack();
        _file?.Dispose();
    }

    private async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        _file = TemporaryFile.Create(_directory, "part");
        long left = Length;
        foreach (byte[] chunk in _chunks)
        {
            await _file.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, ChunkBytes)), cancellationToken).ConfigureAwait(false);
            left -= ChunkBytes;
        }

        GiveBack();
    }

    private void GiveBack()
    {
        _chunks.ForEach(chunk => ArrayPool<byte>.Shared.Return(chunk));
        _chunks.Clear();
    }
}
