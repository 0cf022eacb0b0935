using IotOps.Archive.Exporting;
using IotOps.Archive.Uploading;

namespace IotOps.Archive.Sharding;

/// <summary>Reads one piece and uploads its deflated bytes, which are the middle of a file of the zip.</summary>
internal sealed class PieceRun(ExportParts parts, ExportPlan plan, ShardSet set, ShardPiece piece, ShardState state, ProgressMeter progress)
{
    private readonly PlannedEntry _entry = plan.Entries[piece.Entry];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var counts = new EntryCounts();
        PartedUpload upload = Upload();
        await using (upload.ConfigureAwait(false))
        {
            var output = new PieceOutput(upload);
            await using (output.ConfigureAwait(false))
            {
                var zip = new ZipStreamWriter(output, Middle(), new ZipStreamWriterOptions { Profile = parts.Options.Profile, Threads = parts.Options.Threads });
                await using (zip.ConfigureAwait(false))
                {
                    await new EntryMerger(parts, plan, progress, new Refusals()).MergeAsync(
                        _entry,
                        piece.First..piece.End,
                        skip: 0,
                        counts,
                        new OpenFile(zip),
                        _ => default,
                        cancellationToken).ConfigureAwait(false);
                    ZipCheckpoint end = await zip.CheckpointAsync(cancellationToken).ConfigureAwait(false);
                    await upload.SettleAsync(cancellationToken).ConfigureAwait(false);
                    var result = new PieceResult
                    {
                        Crc32 = end.OpenEntry!.Crc32,
                        Length = end.OpenEntry.Length,
                        CompressedLength = end.OpenEntry.CompressedLength,
                        Parts = upload.Settled(),
                        Counts = counts,
                    };
                    await state.SaveAsync(piece.Index, result, output.Head, await upload.RestAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private PartedUpload Upload()
    {
        int own = set.PartsEach - 1;
        long bytes = plan.ObjectsOf(_entry).Take(piece.First..piece.End).Sum(o => o.Size);
        return new PartedUpload(
            parts.Output,
            new PartedUploadOptions
            {
                Key = plan.Key,
                Plan = new PartPlan((long)Math.Min(long.MaxValue, (decimal)bytes * PartPlan.MostParts / own), parts.Options.PartBytes),
                CreateAsync = _ => throw new InvalidOperationException("A shard's upload was begun by its plan."),
                UploadId = set.UploadId,
                FirstPart = set.JoiningPart(piece) + 1,
                LastPart = set.JoiningPart(piece) + own,
                ParallelParts = parts.Options.ParallelParts,
                SpoolDirectory = parts.SpoolDirectory,
            },
            done: []);
    }

    // As if another writer had written the header: the finish does, when it knows that there is anything behind it.
    private ZipCheckpoint Middle() => new()
    {
        BytesWritten = 0,
        Entries = [],
        OpenEntry = new ZipOpenEntry
        {
            Name = _entry.Name,
            LastWriteTime = plan.CreatedAt,
            Profile = parts.Options.Profile,
            HeaderOffset = 0,
            Crc32 = 0,
            Length = 0,
            CompressedLength = 0,
        },
    };

    // A killed shard is done again from its start: nowhere to go on from.
    private sealed class OpenFile(ZipStreamWriter zip) : IMergeTarget
    {
        public ValueTask<ZipStreamWriter> OpenAsync(CancellationToken cancellationToken) => new(zip);

        public ValueTask ReachedAsync(long offset, CancellationToken cancellationToken) => default;
    }
}
