using IotOps.Archive.Exporting;
using IotOps.Archive.Sharding;
using IotOps.Aws;

namespace IotOps.Archive;

/// <summary>
/// One export on several machines, such as the children of an AWS Batch array job: a plan, shards that each upload their own parts of one
/// multipart upload, in any order and at any time, and a finish that writes what lies between them and the zip's directory. The files in the zip
/// are those that <see cref="LogExporter"/> makes. Safe for concurrent use. Needs AbortIncompleteMultipartUpload as a lifecycle rule for
/// exports that nobody finishes.
/// </summary>
public sealed class ShardedLogExporter
{
    /// <summary>Most shards of an export.</summary>
    public const int MostShards = 500;

    private readonly LogExporterOptions _options;
    private readonly ExportParts _parts;
    private readonly LinkSigner _links;

    /// <summary>Makes an exporter; nothing is sent yet.</summary>
    /// <param name="options">Where logs lie and zips go; the same on every machine.</param>
    /// <exception cref="ArgumentException">An option cannot be used; the message says which.</exception>
    public ShardedLogExporter(LogExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked(nameof(options));
        _parts = new ExportParts(_options, Random.Shared.NextDouble);
        _links = new LinkSigner(_options);
    }

    /// <summary>Lists the objects, splits them by bytes and begins the upload. Planning an id again aborts what was planned before.</summary>
    /// <param name="request">Which logs; its <see cref="LogExportRequest.Id"/> is needed.</param>
    /// <param name="shards">1 to <see cref="MostShards"/>.</param>
    /// <param name="cancellationToken">Ends the planning.</param>
    /// <exception cref="ArgumentException">The request cannot be served; the message says what to ask instead.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<ShardPlan> PlanAsync(LogExportRequest request, int shards, CancellationToken cancellationToken = default)
    {
        var scope = new ExportScope(request, _options.Layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, MostShards);
        string id = request.Id ?? throw new ArgumentException("A sharded export needs an Id, by which its shards find it.", nameof(request));
        var state = new ShardState(_parts.Store, id);
        await AbortAsync(state, cancellationToken).ConfigureAwait(false);
        ExportPlan plan = await new ExportPlanner(_options, _parts.Source).PlanAsync(scope, _options.TimeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        await state.Export.SaveAsync(plan, cancellationToken).ConfigureAwait(false);
        string uploadId = await _parts.Output.CreateUploadAsync(plan.Key, "application/zip", cancellationToken).ConfigureAwait(false);
        await state.SaveAsync(ShardSet.Of(plan, shards, uploadId), cancellationToken).ConfigureAwait(false);
        return new ShardPlan(id, shards, plan.Objects, plan.Bytes);
    }

    /// <summary>Does one shard. One that was killed is simply done again.</summary>
    /// <param name="id">The export.</param>
    /// <param name="index">Which shard, from 0: <c>AWS_BATCH_JOB_ARRAY_INDEX</c>.</param>
    /// <param name="progress">Told of each percent of this shard.</param>
    /// <param name="cancellationToken">Ends the shard.</param>
    /// <exception cref="InvalidOperationException">There is no such export.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task RunShardAsync(string id, int index, IProgress<LogExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ShardState state = State(id);
        (ExportPlan plan, ShardSet set) = await PlannedAsync(state, cancellationToken).ConfigureAwait(false);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, set.Shards);
        ShardPiece[] pieces = [.. set.Pieces.Where(p => p.Shard == index)];
        var meter = new ProgressMeter(progress);
        meter.Start();
        meter.Plan(
            pieces.Sum(p => (long)(p.End - p.First)), pieces.Sum(p => plan.Entries[p.Entry].UnreadableOf is null ? plan.ObjectsOf(plan.Entries[p.Entry]).Take(p.First..p.End).Sum(o => o.Size) : 0), objectsDone: 0, bytesDone: 0);
        foreach (ShardPiece piece in pieces)
        {
            await new PieceRun(_parts, plan, set, piece, state, meter).RunAsync(cancellationToken).ConfigureAwait(false);
        }

        meter.Finish();
    }

    /// <summary>Joins the shards, all of which must be done, into the zip.</summary>
    /// <param name="id">The export.</param>
    /// <param name="cancellationToken">Ends the joining, which can be done again.</param>
    /// <exception cref="InvalidOperationException">There is no such export, or a shard of it is not done.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<LogExportResult> FinishAsync(string id, CancellationToken cancellationToken = default)
    {
        ShardState state = State(id);
        ExportOutcome? outcome = await state.Export.OutcomeAsync(cancellationToken).ConfigureAwait(false);
        bool isDone = outcome?.Key is { } key && await _parts.Output.LengthAsync(key, cancellationToken).ConfigureAwait(false) == outcome.Bytes;
        if (!isDone)
        {
            (ExportPlan plan, ShardSet set) = await PlannedAsync(state, cancellationToken).ConfigureAwait(false);
            using var finish = new ShardFinish(_parts, plan, set, state);
            outcome = await finish.RunAsync(cancellationToken).ConfigureAwait(false);
            await _parts.Output.AbortAllAsync(plan.Key, cancellationToken).ConfigureAwait(false);
            await state.EndAsync(set, cancellationToken).ConfigureAwait(false);
        }

        return await _links.ResultAsync(outcome!).ConfigureAwait(false);
    }

    /// <summary>Ends an export that is not going to be finished: its upload and its documents go.</summary>
    /// <param name="id">The export; one that is not there is no error.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public Task AbortAsync(string id, CancellationToken cancellationToken = default) => AbortAsync(State(id), cancellationToken);

    private ShardState State(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        ExportScope.CheckId(id);
        return new ShardState(_parts.Store, id);
    }

    private async Task AbortAsync(ShardState state, CancellationToken cancellationToken)
    {
        if (await state.Export.PlanAsync(cancellationToken).ConfigureAwait(false) is not { } plan)
        {
            return;
        }

        await _parts.Output.AbortAllAsync(plan.Key, cancellationToken).ConfigureAwait(false);
        await state.EndAsync(await state.ShardsAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(ExportPlan Plan, ShardSet Set)> PlannedAsync(ShardState state, CancellationToken cancellationToken)
    {
        ExportPlan? plan = await state.Export.PlanAsync(cancellationToken).ConfigureAwait(false);
        ShardSet? set = await state.ShardsAsync(cancellationToken).ConfigureAwait(false);
        return plan is not null && set is not null
            ? (plan, set)
            : throw new InvalidOperationException($"There is no sharded export '{state.Id}': plan it first; what was planned long ago has expired.");
    }
}
