using System.Buffers;
using IotOps.Archive.Fetching;
using IotOps.Archive.Records;
using IotOps.Shared;

namespace IotOps.Archive.Exporting;

/// <summary>
/// Brings one object into a file of the zip, in the cheapest way that is right: gzip that needs no filter is spliced, plain text copied,
/// everything else read record by record. Every object ends with a newline.
/// </summary>
internal sealed class SourceMerger(IMergeTarget target)
{
    private const int BlockBytes = 128 << 10;

    // Smaller ones are known to be good before anything of them is written; of a longer one what came before the damage stays, as of plain text.
    private static readonly GzipSpliceOptions Splicing = new() { BufferBytes = 4 << 20 };
    private static readonly byte[] Newline = "\n"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _kept = new(BlockBytes);
    private readonly ArrayBufferWriter<byte> _inflated = new();
    private Inflater? _inflater;

    /// <summary>Merges an object.</summary>
    /// <param name="source">The object.</param>
    /// <param name="filter">Which records count; null when all do.</param>
    /// <param name="skip">Decoded bytes that an earlier run is done with.</param>
    /// <param name="counts">Gets what was written and left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The object is damaged gzip.</exception>
    public async Task MergeAsync(FetchedObject source, RecordFilter? filter, long skip, EntryCounts counts, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> head = await source.PeekAsync(cancellationToken).ConfigureAwait(false);
        bool isGzip = GzipContent.IsGzip(head.Span);
        bool byRecord = filter is not null || (isGzip ? GzipContent.IsConcatenatedInside(head) : GzipContent.IsConcatenated(head.Span));
        Stream content = await source.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            if (isGzip && !byRecord)
            {
                await SpliceAsync(content, counts, cancellationToken).ConfigureAwait(false);
                return;
            }

            Stream plain = isGzip ? new GunzipStream(content, _inflater ??= new Inflater(_inflated), _inflated) : content;
            try
            {
                if (byRecord)
                {
                    await RecordsAsync(plain, filter, skip, counts, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await CopyAsync(plain, skip, counts, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                if (isGzip)
                {
                    await plain.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task SpliceAsync(Stream gzip, EntryCounts counts, CancellationToken cancellationToken)
    {
        ZipStreamWriter zip = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
        await zip.AppendGzipAsync(gzip, Splicing, lines => counts.Records += lines, cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(Stream plain, long skip, EntryCounts counts, CancellationToken cancellationToken)
    {
        long offset = 0;

        // Of the bytes, not of the lines: the last line may have been written by an earlier run, all but its end.
        bool isOpen = false;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int count;
            while ((count = await plain.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                int done = (int)Math.Clamp(skip - offset, 0, count);
                offset += count;
                isOpen = buffer[count - 1] != (byte)'\n';
                if (count > done)
                {
                    ZipStreamWriter zip = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
                    await zip.WriteAsync(buffer.AsMemory(done, count - done), cancellationToken).ConfigureAwait(false);
                    counts.Records += buffer.AsSpan(done, count - done).Count((byte)'\n');
                    await target.ReachedAsync(offset, cancellationToken).ConfigureAwait(false);
                }
            }

            if (isOpen)
            {
                ZipStreamWriter zip = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
                await zip.WriteAsync(Newline, cancellationToken).ConfigureAwait(false);
                counts.Records++;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task RecordsAsync(Stream plain, RecordFilter? filter, long skip, EntryCounts counts, CancellationToken cancellationToken)
    {
        var scanner = new RecordScanner(filter);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            await DiscardAsync(plain, skip, buffer, cancellationToken).ConfigureAwait(false);
            long offset = skip;
            int filled = 0;
            for (bool isLast = false; !isLast;)
            {
                if (filled == buffer.Length)
                {
                    buffer = Grow(buffer);
                }

                int count = await plain.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                isLast = count == 0;
                filled += count;
                int used = scanner.Scan(buffer.AsSpan(0, filled), isLast, _kept);
                offset += used;
                filled -= used;
                buffer.AsSpan(used, filled).CopyTo(buffer);
                await KeepAsync(scanner, counts, offset, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask KeepAsync(RecordScanner scanner, EntryCounts counts, long offset, CancellationToken cancellationToken)
    {
        counts.Add(scanner.TakeCounts());
        if (_kept.WrittenCount > 0)
        {
            ZipStreamWriter zip = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
            await zip.WriteAsync(_kept.WrittenMemory, cancellationToken).ConfigureAwait(false);
            _kept.ResetWrittenCount();
            await target.ReachedAsync(offset, cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static async ValueTask DiscardAsync(Stream plain, long bytes, byte[] buffer, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            int count = await plain.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), cancellationToken).ConfigureAwait(false);
            bytes = count == 0 ? 0 : bytes - count;
        }
    }
}
