using System.Buffers;
using IotOps.Archive.Zip;

namespace IotOps.Archive;

/// <summary>
/// The central directory, the end of a zip, by itself: for pieces that several <see cref="ZipStreamWriter"/>s wrote and that are laid one behind the other.
/// Local headers hold no offsets, so the pieces' bytes need no change.
/// </summary>
public static class ZipDirectory
{
    /// <summary>The entries of pieces that lie one behind the other from the zip's first byte, with offsets in the whole.</summary>
    /// <param name="shards">In the order of their bytes.</param>
    /// <exception cref="ArgumentException">Two entries would have the same name on some file system. Names cannot be changed any more, so shards must not share any.</exception>
    public static IReadOnlyList<ZipEntry> Merge(IEnumerable<ZipShard> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        var names = new EntryNames();
        List<ZipEntry> merged = [];
        long offset = 0;
        foreach (ZipShard shard in shards)
        {
            foreach (ZipEntry entry in shard.Entries)
            {
                if (!names.TryTake(entry.Name))
                {
                    throw new ArgumentException($"Two shards have an entry '{entry.Name}': plan shards so that each name is in one of them.", nameof(shards));
                }

                merged.Add(entry with { HeaderOffset = entry.HeaderOffset + offset });
            }

            offset += shard.Length;
        }

        return merged;
    }

    /// <summary>Writes the directory. What is written so far and this together are a whole zip.</summary>
    /// <param name="output">Takes it; stays open.</param>
    /// <param name="entries">All entries, with offsets in the whole.</param>
    /// <param name="offset">Bytes of the zip before the directory.</param>
    /// <param name="cancellationToken">Ends the writing; the output is then torn.</param>
    /// <returns>How many bytes were written.</returns>
    public static async ValueTask<long> WriteAsync(
        Stream output, IReadOnlyList<ZipEntry> entries, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * ZipFormat.MaxRecord);
        try
        {
            long written = 0;
            int filled = 0;
            foreach (ZipEntry entry in entries)
            {
                if (filled > ZipFormat.MaxRecord)
                {
                    await output.WriteAsync(buffer.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                    written += filled;
                    filled = 0;
                }

                filled += ZipFormat.WriteDirectoryEntry(buffer.AsSpan(filled), entry);
            }

            filled += ZipFormat.WriteDirectoryEnd(buffer.AsSpan(filled), entries.Count, written + filled, offset);
            await output.WriteAsync(buffer.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
            return written + filled;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
