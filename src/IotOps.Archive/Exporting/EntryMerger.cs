using IotOps.Archive.Decoding;
using IotOps.Archive.Fetching;
using IotOps.Archive.Records;
using IotOps.Aws;

namespace IotOps.Archive.Exporting;

/// <summary>Reads a run of objects, ahead of their merging, and merges them in order into one file of the zip.</summary>
internal sealed class EntryMerger(ExportParts parts, ExportPlan plan, ProgressMeter progress, Refusals refusals)
{
    private readonly LogExporterOptions _options = parts.Options;

    /// <summary>Merges objects.</summary>
    /// <param name="entry">The file they belong to.</param>
    /// <param name="objects">Which of its objects.</param>
    /// <param name="skip">Decoded bytes of the first one that an earlier run is done with.</param>
    /// <param name="counts">Gets what went in.</param>
    /// <param name="target">The file.</param>
    /// <param name="done">Told of the index of each object that is done with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task MergeAsync(
        PlannedEntry entry, Range objects, long skip, EntryCounts counts, IMergeTarget target, Func<int, ValueTask> done, CancellationToken cancellationToken)
    {
        IReadOnlyList<PlannedObject> all = plan.ObjectsOf(entry);
        (int first, int count) = objects.GetOffsetAndLength(all.Count);
        RecordFilter? filter = _options.Layout.Prefix(entry.Category).Filter(
            entry.Identifier ?? plan.Identifier, plan.Days.WindowOf(entry.Day), RecordText.Of(plan.Contains, plan.Matches));
        MergedRecords wanted = entry.UnreadableOf is null ? MergedRecords.Wanted : MergedRecords.Unreadable;
        var merger = new SourceMerger(target, parts.SpoolDirectory);
        var ahead = new FetchAhead(
            Sources(all, first, count), parts.Fetcher, new ByteBudget(_options.FetchAheadBytes), _options.ParallelRequests, cancellationToken);
        await using (ahead.ConfigureAwait(false))
        {
            for (int i = first; await ahead.NextAsync(cancellationToken).ConfigureAwait(false) is { } source; i++)
            {
                await using (source.ConfigureAwait(false))
                {
                    // An earlier run may have met some in this object already.
                    long before = i == first && skip > 0 ? 0 : counts.UnreadableRecords;
                    await MergeAsync(merger, source, all[i], filter, wanted, i == first ? skip : 0, counts, cancellationToken).ConfigureAwait(false);
                    if (counts.UnreadableRecords > before)
                    {
                        counts.NoteUnreadable(i);
                    }

                    if (wanted == MergedRecords.Wanted)
                    {
                        progress.Done(source.Source.Size);
                    }
                }

                await done(i).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<LogObject> Sources(IReadOnlyList<PlannedObject> objects, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            PlannedObject planned = objects[i];
            yield return new LogObject(_options.Bucket, planned.Key, planned.Size, planned.ETag);
        }
    }

    private async Task MergeAsync(
        SourceMerger merger,
        FetchedObject source,
        PlannedObject planned,
        RecordFilter? filter,
        MergedRecords wanted,
        long skip,
        EntryCounts counts,
        CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            await merger.MergeAsync(source, filter, wanted, skip, counts, cancellationToken).ConfigureAwait(false);
            counts.Objects++;
            counts.SourceBytes += source.Source.Size;
            refusals.HasPassed = true;
            return;
        }
        catch (AwsException e) when (S3Failure.IsObjectLost(e) && _options.LostObjects == LostObjectPolicy.Skip)
        {
            reason = e.Code switch
            {
                "PreconditionFailed" => "overwritten after it was listed",
                "InvalidObjectState" => "in an archive storage class",
                _ => "deleted after it was listed",
            };
            if (e.Code == "InvalidObjectState")
            {
                counts.NoteArchived(planned);
            }
        }
        catch (AwsException e) when (S3Failure.IsObjectShut(e) && _options.LostObjects == LostObjectPolicy.Skip)
        {
            reason = e.Code == "InvalidRequest" ? "encrypted with a key of the customer's" : $"kept shut by KMS: {e.Code}";
        }
        catch (AwsException e) when (e.Code == "AccessDenied" && _options.LostObjects == LostObjectPolicy.Skip && refusals.MayBeSkipped(e))
        {
            reason = "access denied";
        }
        catch (Exception e) when (e is InvalidDataException or UnreadContentException)
        {
            reason = e is UnreadContentException ? e.Message : $"damaged: {e.Message}";
            if (_options.LostObjects != LostObjectPolicy.Skip)
            {
                throw new InvalidDataException($"s3://{source.Source.Bucket}/{source.Source.Key} is {reason}", e);
            }
        }

        counts.Skip(source.Source.Key, reason);
        if (wanted == MergedRecords.Wanted)
        {
            Log.ObjectSkipped(parts.Logger, source.Source.Bucket, source.Source.Key, reason);
        }
    }
}
