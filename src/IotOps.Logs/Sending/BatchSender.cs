using IotOps.Aws;
using IotOps.Logs.Batching;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Sending;

/// <summary>Sends one batch as far as it will go: plans it, puts it, does what each refusal asks for, and settles each event once. Safe for concurrent use.</summary>
internal sealed class BatchSender(
    LogsApi api,
    MissingDestinations? missing,
    ServiceClock clock,
    Quarantine quarantine,
    OldEvents oldEvents,
    long maxAge,
    LogCounters counters,
    ILogger logger)
{
    /// <summary>Sends what remains of the batch. Only <see cref="SendOutcome.Done"/> and <see cref="SendOutcome.Refused"/> come back.</summary>
    public async Task<SendAnswer> SendAsync(OutgoingBatch outgoing, CancellationToken cancellationToken)
    {
        LogBatch batch = outgoing.Batch!;
        PutPlan plan = outgoing.Plan;
        var cures = new HashSet<PutVerdict>();
        while (batch.Remaining > 0)
        {
            if (!outgoing.Bisecting)
            {
                Plan(outgoing, batch);
            }

            while (plan.Slices.TryPeek(out PutSlice slice))
            {
                try
                {
                    RejectedEvents rejected = await api.PutAsync(outgoing.Destination, batch, plan, slice, cancellationToken).ConfigureAwait(false);
                    clock.Answered();
                    plan.Slices.Pop();
                    Settle(outgoing, batch, slice, rejected);
                    cures.Clear();
                }
                catch (AwsException e)
                {
                    PutVerdict verdict = PutVerdicts.Of(e);
                    if (verdict == PutVerdict.Accepted)
                    {
                        plan.Slices.Pop();
                        Settle(outgoing, batch, slice, RejectedEvents.None);
                    }
                    else if (verdict == PutVerdict.Bisect)
                    {
                        Bisect(outgoing, batch, slice, e);
                    }
                    else
                    {
                        counters.Retry();
                        AwsException? refusal = cures.Add(verdict)
                            ? await CureAsync(outgoing.Destination, verdict, e, cancellationToken).ConfigureAwait(false)
                            : e;
                        if (refusal is not null)
                        {
                            return new SendAnswer(
                                SendOutcome.Refused, IsDenied(refusal), refusal.RetryAfter, refusal.Code, refusal.Message);
                        }

                        if (verdict == PutVerdict.Resign && !outgoing.Bisecting)
                        {
                            break;
                        }
                    }
                }
            }

            outgoing.Bisecting = outgoing.Bisecting && plan.Slices.Count > 0;
        }

        return new SendAnswer(SendOutcome.Done);
    }

    private bool IsDenied(AwsException e) =>
        PutVerdicts.Of(e) == PutVerdict.Denied || (missing is null && PutVerdicts.Of(e) == PutVerdict.CreateMissing);

    private void Plan(OutgoingBatch outgoing, LogBatch batch)
    {
        int rejected = outgoing.Plan.Build(batch, clock.Now, maxAge, oldEvents);
        if (rejected > 0)
        {
            counters.Rejected(rejected);
            Log.EventsRejected(logger, rejected, outgoing.Destination.Group, outgoing.Destination.Stream);
        }
    }

    // Null when the same request may go again at once; otherwise the refusal to report.
    private async Task<AwsException?> CureAsync(
        LogDestination destination, PutVerdict verdict, AwsException refusal, CancellationToken cancellationToken)
    {
        switch (verdict)
        {
            case PutVerdict.CreateMissing when missing is not null:
                try
                {
                    await missing.CreateAsync(destination, cancellationToken).ConfigureAwait(false);
                    return null;
                }
                catch (AwsException e) when (PutVerdicts.Of(e) == PutVerdict.Accepted)
                {
                    return null;
                }
                catch (AwsException e)
                {
                    return e;
                }

            case PutVerdict.RefreshCredentials:
                // The client dropped the keys that were refused; the next call fetches new ones.
                return null;

            case PutVerdict.Resign:
                clock.Answered();
                return null;

            default:
                return refusal;
        }
    }

    private void Settle(OutgoingBatch outgoing, LogBatch batch, PutSlice slice, RejectedEvents rejected)
    {
        if (rejected == RejectedEvents.None && slice.Count == batch.Remaining)
        {
            counters.Accepted(slice.Count, outgoing.Plan.Retimed(slice));
            counters.Batch();
            batch.MarkAllDone();
            return;
        }

        long accepted = 0;
        long retimed = 0;
        int refused = 0;
        for (int i = 0; i < slice.Count; i++)
        {
            PlannedEvent planned = outgoing.Plan[slice][i];
            if (rejected.Accepted(i))
            {
                batch.MarkDone(planned.Index);
                accepted++;
                retimed += planned.Retimed ? 1 : 0;
                continue;
            }

            // Once with the service's time; an event refused even so is given up, or it would go round for ever.
            refused++;
            EventFlags flags = batch.FlagsAt(planned.Index);
            bool again = oldEvents == OldEvents.ArrivalTime || (flags & EventFlags.Arrival) != EventFlags.None;
            if (again && (flags & EventFlags.SendNow) == EventFlags.None)
            {
                batch.MarkSendNow(planned.Index);
            }
            else
            {
                batch.MarkDone(planned.Index);
                counters.Rejected(1);
            }
        }

        counters.Accepted(accepted, retimed);
        counters.Batch();
        if (refused > 0)
        {
            Log.EventsRejected(logger, refused, outgoing.Destination.Group, outgoing.Destination.Stream);
        }
    }

    private void Bisect(OutgoingBatch outgoing, LogBatch batch, PutSlice slice, AwsException refusal)
    {
        PutPlan plan = outgoing.Plan;
        plan.Slices.Pop();
        outgoing.Bisecting = true;
        if (slice.Count > 1)
        {
            counters.Retry();
            int half = slice.Count / 2;
            plan.Slices.Push(new PutSlice(slice.Start + half, slice.Count - half));
            plan.Slices.Push(slice with { Count = half });
            return;
        }

        PlannedEvent poison = plan[slice][0];
        quarantine.Add(outgoing.Destination, poison.Timestamp, batch.MessageAt(poison.Index), refusal.Code, refusal.Message);
        batch.MarkDone(poison.Index);
        counters.Quarantined();
    }
}
