namespace IotOps.Archive.Exporting;

/// <summary>The documents of one export with an id.</summary>
internal sealed class ExportState(IExportStore store, string id)
{
    public string Id => id;

    public async Task<ExportPlan?> PlanAsync(CancellationToken cancellationToken) =>
        await store.FindAsync($"{id}/plan", cancellationToken).ConfigureAwait(false) is { } document ? ExportJson.Read(document, ExportJson.Default.ExportPlan) : null;

    public async Task<ExportCheckpoint?> CheckpointAsync(CancellationToken cancellationToken) =>
        await store.FindAsync($"{id}/checkpoint", cancellationToken).ConfigureAwait(false) is { } document ? ExportJson.Read(document, ExportJson.Default.ExportCheckpoint) : null;

    public async Task<ExportOutcome?> OutcomeAsync(CancellationToken cancellationToken) =>
        await store.FindAsync($"{id}/outcome", cancellationToken).ConfigureAwait(false) is { } document ? ExportJson.Read(document, ExportJson.Default.ExportOutcome) : null;

    public Task SaveAsync(ExportPlan plan, CancellationToken cancellationToken) =>
        store.WriteAsync($"{id}/plan", ExportJson.Write(plan, ExportJson.Default.ExportPlan), cancellationToken);

    public Task SaveAsync(ExportCheckpoint checkpoint, CancellationToken cancellationToken) =>
        store.WriteAsync($"{id}/checkpoint", ExportJson.Write(checkpoint, ExportJson.Default.ExportCheckpoint), cancellationToken);

    public Task SaveAsync(ExportOutcome outcome, CancellationToken cancellationToken) =>
        store.WriteAsync($"{id}/outcome", ExportJson.Write(outcome, ExportJson.Default.ExportOutcome), cancellationToken);

    /// <summary>Forgets how to go on; the outcome stays.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync($"{id}/checkpoint", cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync($"{id}/plan", cancellationToken).ConfigureAwait(false);
    }
}
