using IotOps.Archive.Fetching;
using IotOps.Archive.Records;
using IotOps.Aws;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Exporting;

/// <summary>Reads a run of objects, ahead of their merging, and merges them in order into one file of the zip.</summary>
internal sealed class EntryMerger(LogExporterOptions options, ObjectFetcher fetcher, ProgressMeter progress, ILogger logger)
{
    /// <summary>Merges objects.</summary>
    /// <param name="entry">The file they belong to.</param>
    /// <param name="objects">Which of its objects.</param>
    /// <param name="skip">Decoded bytes of the first one that an earlier run is done with.</param>
    /// <param name="filter">Which records count.</param>
    /// <param name="counts">Gets what went in.</param>
    /// <param name="target">The file.</param>
    /// <param name="done">Told of the index of each object that is done with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task MergeAsync(
        PlannedEntry entry,
        Range objects,
        long skip,
        RecordFilter? filter,
        EntryCounts counts,
        IMergeTarget target,
        Func<int, ValueTask> done,
        CancellationToken cancellationToken)
    {
        (int first, int count) = objects.GetOffsetAndLength(entry.Objects.Count);
        var merger = new SourceMerger(target);
        var ahead = new FetchAhead(
            Sources(entry, first, count), fetcher, new ByteBudget(options.FetchAheadBytes), options.ParallelRequests, cancellationToken);
        await using (ahead.ConfigureAwait(false))
        {
            for (int i = first; await ahead.NextAsync(cancellationToken).ConfigureAwait(false) is { } source; i++)
            {
                await using (source.ConfigureAwait(false))
                {
                    await MergeAsync(merger, source, filter, i == first ? skip : 0, counts, cancellationToken).ConfigureAwait(false);
                    progress.Done(source.Source.Size);
                }

                await done(i).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<LogObject> Sources(PlannedEntry entry, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            PlannedObject planned = entry.Objects[i];
            yield return new LogObject(options.Bucket, planned.Key, planned.Size, planned.ETag);
        }
    }

    private async Task MergeAsync(
        SourceMerger merger, FetchedObject source, RecordFilter? filter, long skip, EntryCounts counts, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            await merger.MergeAsync(source, filter, skip, counts, cancellationToken).ConfigureAwait(false);
            counts.Objects++;
            counts.SourceBytes += source.Source.Size;
            return;
        }
        catch (AwsException e) when (S3Failure.IsObjectLost(e) && options.LostObjects == LostObjectPolicy.Skip)
        {
            reason = e.Code switch
            {
                "PreconditionFailed" => "overwritten after it was listed",
                "InvalidObjectState" => "in an archive storage class",
                _ => "deleted after it was listed",
            };
        }
        catch (InvalidDataException e)
        {
            reason = $"damaged: {e.Message}";
            if (options.LostObjects != LostObjectPolicy.Skip)
            {
                throw new InvalidDataException($"s3://{source.Source.Bucket}/{source.Source.Key} is {reason}", e);
            }
        }

        counts.Skip(source.Source.Key, reason);
        Log.ObjectSkipped(logger, source.Source.Bucket, source.Source.Key, reason);
    }
}
