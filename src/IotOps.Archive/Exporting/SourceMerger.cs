using System.Buffers;
using IotOps.Archive.Decoding;
using IotOps.Archive.Fetching;
using IotOps.Archive.Records;
using IotOps.Shared;

namespace IotOps.Archive.Exporting;

/// <summary>
/// Brings one object into a file of the zip, in the cheapest way that is right: gzip of text that needs no filter is spliced, other text that
/// needs none copied byte for byte, everything else read record by record. Every object ends with a newline.
/// </summary>
internal sealed class SourceMerger(IMergeTarget target, string spoolDirectory)
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
    /// <param name="wanted">What of them goes in.</param>
    /// <param name="skip">Decoded bytes that an earlier run is done with.</param>
    /// <param name="counts">Gets what was written and left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The object is damaged.</exception>
    /// <exception cref="UnreadContentException">The object is something that is not read.</exception>
    public async Task MergeAsync(
        FetchedObject source, RecordFilter? filter, MergedRecords wanted, long skip, EntryCounts counts, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> head = await source.PeekAsync(cancellationToken).ConfigureAwait(false);
        Stream content = await source.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            if (filter is null && GzipHead.IsReadyText(head))
            {
                await SpliceAsync(content, counts, cancellationToken).ConfigureAwait(false);
                return;
            }

            var layers = new ContentLayers(content, spoolDirectory);
            await using (layers.ConfigureAwait(false))
            {
                PeekedStream plain = await layers.OpenAsync(
                    source.Source.Key, gzip => new GunzipStream(gzip, _inflater ??= new Inflater(_inflated), _inflated), cancellationToken).ConfigureAwait(false);
                bool isConcatenated = filter is not { NeedsJson: true } && await ConcatenatedJson.IsAsync(plain, cancellationToken).ConfigureAwait(false);
                if (filter is not null || isConcatenated)
                {
                    bool isText = filter is { NeedsJson: false } && !isConcatenated;
                    await RecordsAsync(plain, filter, isText, wanted, skip, counts, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await CopyAsync(plain, skip, counts, cancellationToken).ConfigureAwait(false);
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

            await EndLineAsync(isOpen, counts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task RecordsAsync(
        Stream plain, RecordFilter? filter, bool isText, MergedRecords wanted, long skip, EntryCounts counts, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            // A file that is written as it is goes on where an earlier run was, maybe in the middle of a line.
            byte last = await DiscardAsync(plain, skip, buffer, cancellationToken).ConfigureAwait(false);
            bool isOpen = filter is null && last != '\n';
            IRecordSink sink = filter is null ? new SplitRecords(_kept, isBehindRecord: last == '}')
                : wanted == MergedRecords.Unreadable ? new UnreadableRecords(_kept)
                : new WantedRecords(_kept);
            IRecordReader scanner = isText ? new LineScanner(filter!.Text!, sink) : new RecordScanner(filter, sink);
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
                int used = scanner.Scan(buffer.AsSpan(0, filled), isLast);
                offset += used;
                filled -= used;
                buffer.AsSpan(used, filled).CopyTo(buffer);
                Count(scanner.TakeCounts(), filter, wanted, counts);
                isOpen = _kept.WrittenCount > 0 ? _kept.WrittenSpan[^1] != '\n' : isOpen;
                await KeepAsync(scanner.IsClean ? offset : null, cancellationToken).ConfigureAwait(false);
            }

            await EndLineAsync(isOpen, counts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _kept.ResetWrittenCount();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // What is written as it is counts by its lines, as where it is copied or spliced.
    private void Count(in RecordCounts read, RecordFilter? filter, MergedRecords wanted, EntryCounts counts)
    {
        if (filter is null)
        {
            counts.Records += _kept.WrittenSpan.Count((byte)'\n');
        }
        else if (wanted == MergedRecords.Unreadable)
        {
            counts.Records += read.Unreadable;
        }
        else
        {
            counts.Add(read);
        }
    }

    /// <param name="offset">Where another run can go on from; null in the middle of something.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    private async ValueTask KeepAsync(long? offset, CancellationToken cancellationToken)
    {
        if (_kept.WrittenCount > 0)
        {
            ZipStreamWriter zip = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
            await zip.WriteAsync(_kept.WrittenMemory, cancellationToken).ConfigureAwait(false);
            _kept.ResetWrittenCount();
            if (offset is { } reached)
            {
                await target.ReachedAsync(reached, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask EndLineAsync(bool isOpen, EntryCounts counts, CancellationToken cancellationToken)
    {
        if (isOpen)
        {
            ZipStreamWriter zip = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
            await zip.WriteAsync(Newline, cancellationToken).ConfigureAwait(false);
            counts.Records++;
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <returns>The last byte that was read; a newline for none.</returns>
    private static async ValueTask<byte> DiscardAsync(Stream plain, long bytes, byte[] buffer, CancellationToken cancellationToken)
    {
        byte last = (byte)'\n';
        while (bytes > 0)
        {
            int count = await plain.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), cancellationToken).ConfigureAwait(false);
            last = count == 0 ? last : buffer[count - 1];
            bytes = count == 0 ? 0 : bytes - count;
        }

        return last;
    }
}
