using IotOps.Archive.Exporting;
using IotOps.Archive.Uploading;
using IotOps.Shared;

namespace IotOps.Archive.Sharding;

/// <summary>
/// Joins pieces into a zip: writes the headers before files and the ends behind them, puts the pieces' kept-back ends and these together into parts
/// long enough for S3, and writes the directory.
/// </summary>
internal sealed class ShardFinish(ExportParts parts, ExportPlan plan, ShardSet set, ShardState state) : IDisposable
{
    private readonly List<UploadedPart> _parts = [];
    private readonly EntryCounts[] _counts = [.. plan.Entries.Select(_ => new EntryCounts())];
    private ZipCheckpoint _zip = new() { BytesWritten = 0, Entries = [] };

    // What has no part yet: the tail of a piece, ends and headers, the head of the next piece.
    private PartBuffer _joint = new(parts.SpoolDirectory, 0);

    public async Task<ExportOutcome> RunAsync(CancellationToken cancellationToken)
    {
        PieceResult[] results = await ResultsAsync(cancellationToken).ConfigureAwait(false);
        foreach (IGrouping<int, ShardPiece> file in set.Pieces.GroupBy(p => p.Entry))
        {
            await JoinAsync(file.Key, [.. file], results, cancellationToken).ConfigureAwait(false);
        }

        return await CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _joint.Dispose();

    private async Task<PieceResult[]> ResultsAsync(CancellationToken cancellationToken)
    {
        var results = new PieceResult[set.Pieces.Count];
        foreach (ShardPiece piece in set.Pieces)
        {
            results[piece.Index] = await state.ResultAsync(piece.Index, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"Shard {piece.Shard} of {set.Shards} of the sharded export '{state.Id}' is not done: run it, then finish.");
            _counts[piece.Entry].Add(results[piece.Index].Counts);
        }

        return results;
    }

    private async Task JoinAsync(int entry, ShardPiece[] pieces, PieceResult[] results, CancellationToken cancellationToken)
    {
        if (pieces.All(p => results[p.Index].Length == 0))
        {
            return;
        }

        await WriteAsync(
            zip =>
            {
                // The pieces are done, so that nothing has to be expected.
                zip.OpenEntry(plan.Entries[entry].Name, plan.CreatedAt, largest: pieces.Sum(p => results[p.Index].Length));
                return default;
            },
            cancellationToken).ConfigureAwait(false);
        foreach (ShardPiece piece in pieces)
        {
            await JoinAsync(piece, results[piece.Index], cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(zip => zip.CloseEntryAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task JoinAsync(ShardPiece piece, PieceResult result, CancellationToken cancellationToken)
    {
        await _joint.AppendAsync(await state.EndAsync(piece.Index, "head", cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (result.Parts.Count > 0 || _joint.Length >= parts.Options.PartBytes)
        {
            await UploadJointAsync(set.JoiningPart(piece), cancellationToken).ConfigureAwait(false);
        }

        _parts.AddRange(result.Parts);
        await _joint.AppendAsync(await state.EndAsync(piece.Index, "tail", cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        ZipOpenEntry open = _zip.OpenEntry!;
        _zip = _zip with
        {
            BytesWritten = _zip.BytesWritten + result.CompressedLength,
            OpenEntry = open with
            {
                Crc32 = Crc32.Combine(open.Crc32, result.Crc32, result.Length),
                Length = open.Length + result.Length,
                CompressedLength = open.CompressedLength + result.CompressedLength,
            },
        };
    }

    private async Task<ExportOutcome> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_zip.Entries.Count == 0)
        {
            return Summary().Empty();
        }

        var end = new PartBufferStream(_joint);
        await using (end.ConfigureAwait(false))
        {
            var zip = new ZipStreamWriter(end, _zip);
            await using (zip.ConfigureAwait(false))
            {
                zip.OpenEntry(ExportManifest.Name, plan.CreatedAt);
                await zip.WriteAsync(ExportManifest.Write(Summary()), cancellationToken).ConfigureAwait(false);
                await zip.CloseEntryAsync(cancellationToken).ConfigureAwait(false);
                await zip.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await UploadJointAsync(PartPlan.MostParts, cancellationToken).ConfigureAwait(false);
        ExportOutcome outcome = Summary().Done(_parts.Sum(p => p.Size));
        await state.Export.SaveAsync(outcome, cancellationToken).ConfigureAwait(false);
        await parts.Output.CompleteAsync(plan.Key, set.UploadId, _parts, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    private ExportSummary Summary() => new(plan, parts.Options, _counts);

    // Lets a writer add to the joint, from where the zip is to where it is then.
    private async Task WriteAsync(Func<ZipStreamWriter, ValueTask> write, CancellationToken cancellationToken)
    {
        var output = new PartBufferStream(_joint);
        await using (output.ConfigureAwait(false))
        {
            var zip = new ZipStreamWriter(output, _zip, new ZipStreamWriterOptions { Profile = parts.Options.Profile, Threads = 1 });
            await using (zip.ConfigureAwait(false))
            {
                await write(zip).ConfigureAwait(false);
                _zip = await zip.CheckpointAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task UploadJointAsync(int number, CancellationToken cancellationToken)
    {
        _parts.Add(await parts.Output.UploadPartAsync(plan.Key, set.UploadId, number, _joint, cancellationToken).ConfigureAwait(false));
        _joint.Dispose();
        _joint = new PartBuffer(parts.SpoolDirectory, 0);
    }
}
