using IotOps.Archive.Exporting;
using IotOps.Archive.Uploading;
using IotOps.Archive.Zip;
using IotOps.Aws;

namespace IotOps.Archive;

/// <summary>
/// A day, or some days, of logs from S3 into one zip in S3, with a link to it: listed, fetched ahead in order, filtered, merged into one
/// file a category and day, compressed on all cores and uploaded in parts, in bounded memory. Safe for concurrent use.
/// </summary>
public sealed class LogExporter
{
    private readonly LogExporterOptions _options;
    private readonly ExportParts _parts;
    private readonly LinkSigner _links;

    /// <summary>Makes an exporter; nothing is sent yet.</summary>
    /// <param name="options">Where logs lie and zips go.</param>
    /// <exception cref="ArgumentException">An option cannot be used; the message says which.</exception>
    public LogExporter(LogExporterOptions options)
        : this(options, Random.Shared.NextDouble)
    {
    }

    internal LogExporter(LogExporterOptions options, Func<double> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked(nameof(options));
        _parts = new ExportParts(_options, random);
        _links = new LinkSigner(_options);
    }

    /// <summary>
    /// Exports. With an <see cref="LogExportRequest.Id"/> that was given before, goes on where that export was when it was killed or
    /// cancelled, or answers with a new link to the zip that it made.
    /// </summary>
    /// <param name="request">Which logs.</param>
    /// <param name="progress">Told of each percent, on the exporting task.</param>
    /// <param name="cancellationToken">
    /// Ends the export within <see cref="LogExporterOptions.EndTimeout"/> and a little: without an id nothing of it stays, with one what was
    /// uploaded stays, to go on with.
    /// </param>
    /// <exception cref="ArgumentException">The request cannot be served, or its id is another request's; the message says what to ask instead.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    /// <exception cref="InvalidDataException">An object is damaged, or something that is not read, under <see cref="LostObjectPolicy.Fail"/>.</exception>
    public Task<LogExportResult> ExportAsync(
        LogExportRequest request, IProgress<LogExportProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ExportTelemetry.RunAsync(request?.Id, _options.TimeProvider, () => ExportOnceAsync(request!, progress, cancellationToken));

    private async Task<LogExportResult> ExportOnceAsync(LogExportRequest request, IProgress<LogExportProgress>? progress, CancellationToken cancellationToken)
    {
        var scope = new ExportScope(request, _options.Layout);
        var meter = new ProgressMeter(progress);
        meter.Start();
        if (request.Id is { } id && await ContinueAsync(new ExportState(_parts.Store, id), scope, meter, cancellationToken).ConfigureAwait(false) is { } result)
        {
            return result;
        }

        ExportPlan plan = await new ExportPlanner(_options, _parts.Source).PlanAsync(scope, _options.TimeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return await RunAsync(plan, request.Id is null ? null : new ExportState(_parts.Store, request.Id), from: null, meter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A link to the zip that a request would make now, signed as its own will be: it tells before the work how long that is, and when it ends. Nothing is exported, and
    /// the link leads nowhere.
    /// </summary>
    /// <param name="request">Which logs.</param>
    /// <exception cref="ArgumentException">The request cannot be served; the message says what to ask instead.</exception>
    public Task<PresignedLink> ForeseeLinkAsync(LogExportRequest request)
    {
        var scope = new ExportScope(request, _options.Layout);
        return _links.SignAsync(ExportPlan.NewKey(_options.Output, _options.TimeProvider.GetUtcNow(), scope.Days.First, scope.Days.Last, scope.Identifiers));
    }

    /// <summary>Goes on with an export by its id alone.</summary>
    /// <param name="id">The <see cref="LogExportRequest.Id"/> that it was begun with.</param>
    /// <param name="progress">Told of each percent, on the exporting task.</param>
    /// <param name="cancellationToken">Ends the export as it ends <see cref="ExportAsync"/>.</param>
    /// <exception cref="InvalidOperationException">There is nothing to go on with.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public Task<LogExportResult> ResumeAsync(
        string id, IProgress<LogExportProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ExportTelemetry.RunAsync(id, _options.TimeProvider, () => ResumeOnceAsync(id, progress, cancellationToken));

    private async Task<LogExportResult> ResumeOnceAsync(string id, IProgress<LogExportProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ExportScope.CheckId(id);
        var meter = new ProgressMeter(progress);
        meter.Start();
        return await ContinueAsync(new ExportState(_parts.Store, id), asked: null, meter, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException(
                $"There is no export '{id}' to go on with: it never came as far as its first part, or what was kept of it has expired. Export anew.");
    }

    /// <summary>What an export made, with a new link to it; exports nothing.</summary>
    /// <param name="id">The <see cref="LogExportRequest.Id"/> that it was begun with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when there is no such export, it is not done, it found no records, or its zip has expired.</returns>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<LogExportResult?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ExportScope.CheckId(id);
        return await new ExportState(_parts.Store, id).OutcomeAsync(cancellationToken).ConfigureAwait(false) is { Key: { } key } outcome
            && await _parts.Output.LengthAsync(key, cancellationToken).ConfigureAwait(false) == outcome.Bytes
                ? await ResultAsync(outcome, new ProgressMeter(null)).ConfigureAwait(false)
                : null;
    }

    private async Task<LogExportResult?> ContinueAsync(ExportState state, ExportScope? asked, ProgressMeter meter, CancellationToken cancellationToken)
    {
        ExportOutcome? outcome = await state.OutcomeAsync(cancellationToken).ConfigureAwait(false);
        RequireSame(state, asked, outcome?.Request);
        if (outcome is { Key: { } key }
            && await _parts.Output.LengthAsync(key, cancellationToken).ConfigureAwait(false) == outcome.Bytes)
        {
            await state.EndAsync(cancellationToken).ConfigureAwait(false);
            return await ResultAsync(outcome, meter).ConfigureAwait(false);
        }

        if (await state.PlanAsync(cancellationToken).ConfigureAwait(false) is not { } plan)
        {
            return null;
        }

        RequireSame(state, asked, plan.Request);
        ExportCheckpoint? checkpoint = await state.CheckpointAsync(cancellationToken).ConfigureAwait(false);
        string? lost = await WhyLostAsync(plan, checkpoint, cancellationToken).ConfigureAwait(false);
        if (lost is not null)
        {
            Log.BegunAnew(_parts.Logger, state.Id, lost);
            await _parts.Output.AbortAllAsync(plan.Key, cancellationToken).ConfigureAwait(false);
            checkpoint = null;
        }
        else
        {
            Log.Resumed(_parts.Logger, state.Id, checkpoint!.Parts.Count);
        }

        return await RunAsync(plan, state, checkpoint, meter, cancellationToken).ConfigureAwait(false);
    }

    private static void RequireSame(ExportState state, ExportScope? asked, string? known)
    {
        if (asked is not null && known is not null && asked.Request != known)
        {
            throw new ArgumentException($"'{state.Id}' is the id of another export: {known}. Give this one an id of its own.", nameof(asked));
        }
    }

    // What S3 has must be what the checkpoint says, part by part.
    private async Task<string?> WhyLostAsync(ExportPlan plan, ExportCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint is null)
        {
            return "no upload is known";
        }

        IReadOnlyList<UploadedPart>? present = await _parts.Output.ListPartsAsync(plan.Key, checkpoint.UploadId, cancellationToken).ConfigureAwait(false);
        if (present is null)
        {
            return "its upload was aborted";
        }

        var byNumber = present.ToDictionary(p => p.Number);
        return checkpoint.Parts.All(p => byNumber.TryGetValue(p.Number, out UploadedPart? there) && there.Size == p.Size && there.ETag.Trim('"') == p.ETag.Trim('"'))
            ? null
            : "its upload has lost parts";
    }

    private async Task<LogExportResult> RunAsync(
        ExportPlan plan, ExportState? state, ExportCheckpoint? from, ProgressMeter meter, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(plan, state, from, meter, cancellationToken).ConfigureAwait(false);
        }
        catch (EntryTooLongException e) when (!plan.IsUnbound)
        {
            // The header of that file is written, and says that its sizes have 32 bits.
            Log.BegunAnew(_parts.Logger, state?.Id ?? plan.Key, e.Message);
            return await RunOnceAsync(plan with { IsUnbound = true }, state, from: null, meter, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LogExportResult> RunOnceAsync(
        ExportPlan plan, ExportState? state, ExportCheckpoint? from, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var run = new ExportRun(_parts, plan, state, from, meter);
        await using (run.ConfigureAwait(false))
        {
            ExportOutcome outcome;
            try
            {
                outcome = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                bool goesOn = state is not null && (cancellationToken.IsCancellationRequested || e is AwsException { IsTransient: true });
                await EndAsync(run, plan, goesOn ? null : state, goesOn).ConfigureAwait(false);
                throw;
            }

            if (run.HasUpload)
            {
                await TidyUpAsync(plan.Key).ConfigureAwait(false);
            }

            if (state is not null)
            {
                await state.EndAsync(cancellationToken).ConfigureAwait(false);
            }

            return await ResultAsync(outcome, meter).ConfigureAwait(false);
        }
    }

    // An attempt to begin the upload whose answer was lost has begun another one.
    private async Task TidyUpAsync(string key)
    {
        using var end = new CancellationTokenSource(_options.EndTimeout, _options.TimeProvider);
        try
        {
            await _parts.Output.AbortAllAsync(key, end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AwsException or OperationCanceledException)
        {
            Log.NotEnded(_parts.Logger, _parts.Output.Name, key, e.Message);
        }
    }

    private async Task EndAsync(ExportRun run, ExportPlan plan, ExportState? forget, bool goesOn)
    {
        if (!run.HasUpload)
        {
            return;
        }

        using var end = new CancellationTokenSource(_options.EndTimeout, _options.TimeProvider);
        try
        {
            if (goesOn)
            {
                await run.SuspendAsync(end.Token).ConfigureAwait(false);
                return;
            }

            await run.AbortAsync(end.Token).ConfigureAwait(false);
            await _parts.Output.AbortAllAsync(plan.Key, end.Token).ConfigureAwait(false);
            if (forget is not null)
            {
                await forget.EndAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is AwsException or OperationCanceledException)
        {
            // The failure that led here is the one to tell.
            Log.NotEnded(_parts.Logger, _parts.Output.Name, plan.Key, e.Message);
        }
    }

    private async Task<LogExportResult> ResultAsync(ExportOutcome outcome, ProgressMeter meter)
    {
        LogExportResult result = await _links.ResultAsync(outcome).ConfigureAwait(false);
        if (result.Key is { } key)
        {
            Log.Exported(_parts.Logger, outcome.Objects, outcome.Bytes, _parts.Output.Name, key);
        }

        meter.Finish();
        return result;
    }
}
