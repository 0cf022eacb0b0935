using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using IotOps.Logs.Batching;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Sending;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Lanes;

/// <summary>Carries out what lanes decide: sends a batch or moves it to the spool, then commits the positions it covers. Safe for concurrent use.</summary>
/// <param name="shared">Memory, disk, permits and counters of the lanes.</param>
/// <param name="sender">Sends batches.</param>
/// <param name="checkpoint">Told what was accepted.</param>
/// <param name="wake">Set when a permit is free again.</param>
internal sealed class LaneWorker(LaneResources shared, BatchSender sender, ICheckpoint checkpoint, Signal wake)
{
    private readonly ILogger _logger = shared.Logger;
    private int _checkpointFailing;

    /// <summary>Does one piece of work; a failure is an answer, too.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "An unexpected failure in one lane must not stop the others: it is logged, and the batch is tried again.")]
    public async Task<SendAnswer> RunAsync(LaneWork work, CancellationToken stopping)
    {
        OutgoingBatch outgoing = work.Batch!;
        try
        {
            return work.Kind == LaneWorkKind.Send
                ? await SendAsync(outgoing, stopping).ConfigureAwait(false)
                : await SpillAsync(outgoing).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new SendAnswer(SendOutcome.Cancelled);
        }
        catch (Exception e)
        {
            Log.LaneFailed(_logger, outgoing.Destination.Group, outgoing.Destination.Stream, e);
            return new SendAnswer(SendOutcome.Refused, Code: e.GetType().Name, Reason: e.Message);
        }
    }

    private async Task<SendAnswer> SendAsync(OutgoingBatch outgoing, CancellationToken stopping)
    {
        try
        {
            outgoing.Batch ??= shared.Spool.Load(outgoing.Segment!, shared.Buffers);
            if (outgoing.Batch is null)
            {
                return new SendAnswer(SendOutcome.NoRoom);
            }

            using Activity? span = LogCounters.Source.StartActivity("logs put", ActivityKind.Client);
            span?.SetTag("aws.log.group.name", outgoing.Destination.Group).SetTag("aws.log.stream.name", outgoing.Destination.Stream);
            SendAnswer answer = await sender.SendAsync(outgoing, stopping).ConfigureAwait(false);
            if (answer.Outcome != SendOutcome.Done)
            {
                span.Fail(answer.Code ?? "", answer.Reason ?? "");
                if (outgoing.Segment is { } waiting)
                {
                    shared.Spool.Flush(waiting);
                }

                return answer;
            }
        }
        finally
        {
            // Before the checkpoint's disk: another lane may use the network meanwhile.
            shared.Permits.Return();
            wake.Set();
        }

        await CommitAsync(outgoing.Segment?.Positions ?? outgoing.Batch.Positions).ConfigureAwait(false);
        if (outgoing.Segment is { } segment)
        {
            shared.Spool.Delete(segment);
        }

        return new SendAnswer(SendOutcome.Done);
    }

    private async Task<SendAnswer> SpillAsync(OutgoingBatch outgoing)
    {
        LogBatch batch = outgoing.Batch!;
        if (shared.Spool.TrySpill(outgoing.Destination, batch) is not { } segment)
        {
            return new SendAnswer(SendOutcome.NoRoom);
        }

        Log.Spilled(_logger, segment.Count, outgoing.Destination.Group, outgoing.Destination.Stream);
        await CommitAsync(segment.Positions).ConfigureAwait(false);
        shared.Spool.Offer(segment);
        return new SendAnswer(SendOutcome.Spilled);
    }

    // Not to be cancelled: what was accepted would be sent again by the next start.
    private async Task CommitAsync(IReadOnlyList<SourcePosition> positions)
    {
        if (positions.Count == 0)
        {
            return;
        }

        try
        {
            await checkpoint.CommitAsync(positions, CancellationToken.None).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _checkpointFailing, 0) == 1)
            {
                Log.CheckpointRecovered(_logger);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The positions are kept in memory and go with the next write; stopping to ship would only lose more.
            shared.Counters.CheckpointFailed();
            if (Interlocked.Exchange(ref _checkpointFailing, 1) == 0)
            {
                Log.CheckpointRefused(_logger, e);
            }
        }
    }
}
