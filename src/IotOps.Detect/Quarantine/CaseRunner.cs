using IotOps.Aws;

namespace IotOps.Detect.Quarantine;

/// <summary>Carries a quarantine on from where its journal ends: forward, or back.</summary>
internal sealed class CaseRunner(StepCheck check, StepCalls calls, QuarantineCase quarantine, CaseWriter writer)
{
    /// <summary>Does the steps that are not done, up to those that revoke, or those alone.</summary>
    /// <returns>What stopped it; null when it reached the end.</returns>
    public async Task<string?> ForwardAsync(bool isFinal, CancellationToken stop)
    {
        string? optional = null;
        foreach (StepRecord record in quarantine.Steps.Where(record => record.Step.IsFinal == isFinal && record.State != QuarantineStepState.Done))
        {
            string? problem = await StepAsync(record, stop).ConfigureAwait(false);
            if (problem is not null && !record.Step.IsOptional)
            {
                return problem;
            }

            optional ??= problem;
        }

        if (isFinal)
        {
            await writer.WriteAsync(QuarantineEntryKind.Revoked, stop).ConfigureAwait(false);
        }
        else if (quarantine.State == QuarantineState.Running)
        {
            await writer.WriteAsync(QuarantineEntryKind.Held, stop).ConfigureAwait(false);
        }

        return optional is null ? null : $"{optional} The rest is done; run again to try this step once more.";
    }

    /// <summary>Undoes the steps that were begun, the last one first.</summary>
    /// <returns>What stopped it; null when it reached the end.</returns>
    public async Task<string?> BackAsync(CancellationToken stop)
    {
        foreach (StepRecord record in quarantine.Steps.Reverse().Where(record => record.WasBegun && record.State != QuarantineStepState.Undone))
        {
            string? problem = await UndoAsync(record, stop).ConfigureAwait(false);
            if (problem is not null)
            {
                return problem;
            }
        }

        await writer.WriteAsync(QuarantineEntryKind.Undone, stop).ConfigureAwait(false);
        return null;
    }

    /// <summary>Undoes one step. When none is left that is in effect, the quarantine is undone.</summary>
    /// <returns>What stopped it; null when it reached the end.</returns>
    public async Task<string?> BackAsync(StepRecord record, CancellationToken stop)
    {
        if (record.State != QuarantineStepState.Undone && await UndoAsync(record, stop).ConfigureAwait(false) is { } problem)
        {
            return problem;
        }

        return quarantine.Steps.Any(other => other.IsInEffect) ? null : await BackAsync(stop).ConfigureAwait(false);
    }

    private async Task<string?> StepAsync(StepRecord record, CancellationToken stop)
    {
        QuarantineStep step = record.Step;
        try
        {
            bool wasBegun = record.WasBegun;
            StepFinding finding = await check.BeforeAsync(quarantine, record, stop).ConfigureAwait(false);
            if (finding.State == StepFindingState.Done && wasBegun)
            {
                await writer.WriteAsync(QuarantineEntryKind.StepDone, stop, step.Number, "Found done after an interruption.").ConfigureAwait(false);
                return null;
            }

            if (finding.State != StepFindingState.Ready)
            {
                return $"Stopped before step {step.Number} ({StepText.Call(step)}): {finding.Message ?? "Somebody else has done it."} Undo, or restore what was and run again.";
            }

            if (!wasBegun || record.State == QuarantineStepState.Failed)
            {
                await writer.WriteAsync(QuarantineEntryKind.StepBegun, stop, step.Number).ConfigureAwait(false);
            }

            string? note = await calls.DoAsync(quarantine.Plan, step, wasBegun, stop).ConfigureAwait(false);
            await writer.WriteAsync(QuarantineEntryKind.StepDone, stop, step.Number, note).ConfigureAwait(false);
            return null;
        }
        catch (AwsException e)
        {
            // Refused before its call, it has not begun.
            if (record.State == QuarantineStepState.Begun)
            {
                await writer.WriteAsync(QuarantineEntryKind.StepFailed, stop, step.Number, Error(e)).ConfigureAwait(false);
            }

            return $"Step {step.Number} ({StepText.Call(step)}) failed: {Error(e)}";
        }
    }

    private async Task<string?> UndoAsync(StepRecord record, CancellationToken stop)
    {
        QuarantineStep step = record.Step;
        try
        {
            StepFinding finding = await check.BeforeUndoAsync(quarantine.Plan, step, stop).ConfigureAwait(false);
            if (finding.State == StepFindingState.Changed)
            {
                return $"Stopped before step {step.Number} ({StepText.Call(step)}) is undone: {finding.Message}";
            }

            if (finding.State == StepFindingState.Done)
            {
                string? note = step.Kind == QuarantineStepKind.DeleteConnection ? null : record.WasUndoBegun ? "Found undone after an interruption." : "There was nothing to undo.";
                await writer.WriteAsync(QuarantineEntryKind.UndoDone, stop, step.Number, note).ConfigureAwait(false);
                return null;
            }

            if (!record.WasUndoBegun)
            {
                await writer.WriteAsync(QuarantineEntryKind.UndoBegun, stop, step.Number).ConfigureAwait(false);
            }

            await calls.UndoAsync(quarantine.Plan, step, stop).ConfigureAwait(false);
            await writer.WriteAsync(QuarantineEntryKind.UndoDone, stop, step.Number).ConfigureAwait(false);
            return null;
        }
        catch (AwsException e)
        {
            await writer.WriteAsync(QuarantineEntryKind.UndoFailed, stop, step.Number, Error(e)).ConfigureAwait(false);
            return $"Step {step.Number} ({StepText.Call(step)}) could not be undone: {Error(e)} Undo again when that is mended.";
        }
    }

    private static string Error(AwsException e) => $"{e.Operation} answered {e.Code}: {e.Message}";
}
