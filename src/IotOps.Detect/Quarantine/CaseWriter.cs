namespace IotOps.Detect.Quarantine;

/// <summary>Writes what happens to a quarantine, each entry behind the last one that is known.</summary>
internal sealed class CaseWriter(IQuarantineJournal journal, QuarantineCase quarantine, TimeProvider timeProvider)
{
    /// <exception cref="QuarantineConflictException">Another run has written meanwhile.</exception>
    public async Task WriteAsync(QuarantineEntryKind kind, CancellationToken stop, int? step = null, string? note = null, string? by = null)
    {
        var entry = new QuarantineEntry(quarantine.Plan.ViolationId, quarantine.Sequence + 1, timeProvider.GetUtcNow(), kind) { Step = step, Note = note, By = by };
        if (!await journal.AppendAsync(entry, stop).ConfigureAwait(false))
        {
            throw new QuarantineConflictException();
        }

        quarantine.Add(entry);
    }
}
