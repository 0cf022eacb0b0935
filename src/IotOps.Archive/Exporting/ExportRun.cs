using IotOps.Archive.Uploading;

namespace IotOps.Archive.Exporting;

/// <summary>
/// One run of an export: reads what its plan names, from where an earlier run was, and writes the zip in parts. After a part is cut at
/// a place to go on from, and S3 has all parts up to it, its checkpoint is saved.
/// </summary>
internal sealed class ExportRun : IMergeTarget, IAsyncDisposable
{
    private readonly LogExporterOptions _options;
    private readonly ExportPlan _plan;
    private readonly ExportState? _state;
    private readonly BucketClient _output;
    private readonly EntryMerger _merger;
    private readonly Refusals _refusals;
    private readonly ProgressMeter _progress;
    private readonly PartedUpload _upload;
    private readonly ZipStreamWriter _zip;
    private readonly List<EntryCounts> _counts;
    private readonly SortedDictionary<int, ExportCheckpoint> _marks = [];
    private ExportPosition _position;
    private bool _isEntryOpen;

    public ExportRun(ExportParts parts, ExportPlan plan, ExportState? state, ExportCheckpoint? from, ProgressMeter progress)
    {
        _options = parts.Options;
        _plan = plan;
        _state = state;
        _output = parts.Output;
        _progress = progress;
        _refusals = new Refusals { HasPassed = from?.Counts.Any(c => c.Objects > 0) == true };
        _merger = new EntryMerger(parts, plan, progress, _refusals);
        _upload = new PartedUpload(
            parts.Output,
            new PartedUploadOptions
            {
                Key = plan.Key,
                Plan = new PartPlan(plan.Bytes, parts.Options.PartBytes),
                CreateAsync = CreateAsync,
                UploadId = from?.UploadId,
                ParallelParts = parts.Options.ParallelParts,
                SpoolDirectory = parts.SpoolDirectory,
            },
            from?.Parts ?? []);
        var zipOptions = new ZipStreamWriterOptions { Profile = parts.Options.Profile, Threads = parts.Options.Threads };
        _zip = from?.Zip is { } zip ? new ZipStreamWriter(_upload, zip, zipOptions) : new ZipStreamWriter(_upload, zipOptions);
        _isEntryOpen = from?.Zip?.OpenEntry is not null;
        _position = from?.Position ?? default;
        _counts = [.. plan.Entries.Select((_, i) => from?.Counts.ElementAtOrDefault(i)?.Copy() ?? new EntryCounts())];
    }

    /// <summary>True when S3 may have an upload of this run.</summary>
    public bool HasUpload => _upload.IsBegun;

    /// <summary>Reads, writes and completes.</summary>
    public async Task<ExportOutcome> RunAsync(CancellationToken cancellationToken)
    {
        ReportPlan();
        while (_position.Entry < _plan.Entries.Count)
        {
            await MergeEntryAsync(cancellationToken).ConfigureAwait(false);
        }

        _refusals.ThrowIfAll();
        var summary = new ExportSummary(_plan, _options, _counts);
        if (_counts.All(c => c.Records == 0))
        {
            return summary.Empty();
        }

        _zip.OpenEntry(ExportManifest.Name, _plan.CreatedAt);
        await _zip.WriteAsync(ExportManifest.Write(summary), cancellationToken).ConfigureAwait(false);
        await _zip.CloseEntryAsync(cancellationToken).ConfigureAwait(false);
        await _zip.CompleteAsync(cancellationToken).ConfigureAwait(false);
        ExportOutcome outcome = summary.Done(_upload.Total);
        if (_state is not null)
        {
            // Before completing: whoever comes after a crash in between finds the zip and what it holds.
            await _state.SaveAsync(outcome, cancellationToken).ConfigureAwait(false);
        }

        await _upload.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>Ends so that another run goes on: S3 gets the parts that were cut, the store the last checkpoint.</summary>
    public async Task SuspendAsync(CancellationToken cancellationToken)
    {
        await _upload.WaitAsync(cancellationToken).ConfigureAwait(false);
        await SaveSettledAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends for good: nothing of the upload stays.</summary>
    public async Task AbortAsync(CancellationToken cancellationToken)
    {
        await _upload.StopAsync().ConfigureAwait(false);
        if (_upload.UploadId is { } uploadId)
        {
            await _output.AbortAsync(_plan.Key, uploadId, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync().ConfigureAwait(false);
        await _upload.DisposeAsync().ConfigureAwait(false);
    }

    ValueTask<ZipStreamWriter> IMergeTarget.OpenAsync(CancellationToken cancellationToken)
    {
        if (!_isEntryOpen)
        {
            PlannedEntry entry = _plan.Entries[_position.Entry];
            _zip.OpenEntry(entry.Name, _plan.CreatedAt, largest: _plan.LargestOf(entry, _options.LargestBoundEntry));
            _isEntryOpen = true;
        }

        return new(_zip);
    }

    ValueTask IMergeTarget.ReachedAsync(long offset, CancellationToken cancellationToken) =>
        _upload.IsDue ? new(CutAsync(_position with { Offset = offset }, cancellationToken)) : default;

    private void ReportPlan()
    {
        long objects = 0, bytes = 0;
        for (int i = 0; i <= _position.Entry && i < _plan.Entries.Count; i++)
        {
            IReadOnlyList<PlannedObject> all = _plan.Entries[i].UnreadableOf is null ? _plan.ObjectsOf(_plan.Entries[i]) : [];
            IEnumerable<PlannedObject> done = i < _position.Entry ? all : all.Take(_position.Object);
            foreach (PlannedObject read in done)
            {
                objects++;
                bytes += read.Size;
            }
        }

        _progress.Plan(_plan.Objects, _plan.Bytes, objects, bytes);
    }

    private async Task MergeEntryAsync(CancellationToken cancellationToken)
    {
        PlannedEntry entry = _plan.Entries[_position.Entry];
        await _merger.MergeAsync(
            entry,
            Objects(entry),
            _position.Offset,
            _counts[_position.Entry],
            this,
            async done =>
            {
                _position = new ExportPosition(_position.Entry, done + 1, 0);
                if (_upload.IsDue)
                {
                    await CutAsync(_position, cancellationToken).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (_isEntryOpen)
        {
            await _zip.CloseEntryAsync(cancellationToken).ConfigureAwait(false);
            _isEntryOpen = false;
        }

        _position = new ExportPosition(_position.Entry + 1, 0, 0);
    }

    // Of the objects whose unreadable records go in, those that have some.
    private Range Objects(PlannedEntry entry)
    {
        if (entry.UnreadableOf is not { } other)
        {
            return _position.Object..;
        }

        int first = Math.Max(_position.Object, _counts[other].FirstUnreadable);
        return first < _counts[other].UnreadableEnd ? first.._counts[other].UnreadableEnd : ..0;
    }

    private async Task CutAsync(ExportPosition position, CancellationToken cancellationToken)
    {
        ZipCheckpoint zip = await _zip.CheckpointAsync(cancellationToken).ConfigureAwait(false);

        // The checkpoint of the parts before goes first: the next part may be the one that this process dies at.
        await _upload.MakeRoomAsync(cancellationToken).ConfigureAwait(false);
        await SaveSettledAsync(cancellationToken).ConfigureAwait(false);
        int part = await _upload.CutAsync(cancellationToken).ConfigureAwait(false);
        if (_state is not null)
        {
            _marks[part] = new ExportCheckpoint
            {
                UploadId = _upload.UploadId!,
                Parts = [],
                Position = position,
                Counts = [.. _counts.Select(c => c.Copy())],
                Zip = zip,
            };
        }
    }

    private async Task SaveSettledAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<UploadedPart> settled = _upload.Settled();
        int mark = _marks.Keys.LastOrDefault(part => part <= settled.Count);
        if (mark == 0 || _state is null)
        {
            return;
        }

        await _state.SaveAsync(_marks[mark] with { Parts = [.. settled.Take(mark)] }, cancellationToken).ConfigureAwait(false);
        foreach (int saved in _marks.Keys.Where(part => part <= mark).ToArray())
        {
            _marks.Remove(saved);
        }
    }

    // The plan is saved first: whoever finds a plan alone knows the key, and aborts what was begun under it.
    private async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        if (_state is null)
        {
            return await _output.CreateUploadAsync(_plan.Key, "application/zip", cancellationToken).ConfigureAwait(false);
        }

        await _state.SaveAsync(_plan, cancellationToken).ConfigureAwait(false);
        string uploadId = await _output.CreateUploadAsync(_plan.Key, "application/zip", cancellationToken).ConfigureAwait(false);
        await _state.SaveAsync(
            new ExportCheckpoint { UploadId = uploadId, Parts = [], Position = default, Counts = [], Zip = null }, cancellationToken).ConfigureAwait(false);
        return uploadId;
    }
}
