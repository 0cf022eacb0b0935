using IotOps.Detect;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Quarantines;

/// <summary>All quarantines of the journal, and what was done in the console.</summary>
public sealed record QuarantinesModel(bool IsConfigured, IReadOnlyList<QuarantineStatus> All, IReadOnlyCollection<string> Stopped, IReadOnlyList<AuditRow> Audit) : PageModel
{
    public string Sentence => !IsConfigured ? "Quarantines are not configured: the configuration file names their journal and group."
        : All.Count == 0 ? "No thing was ever quarantined."
        : $"{Words.Count(All.Count(status => status.State == QuarantineState.Held), "thing")} held, {(Stopped.Count == 0 ? "none" : Words.Number(Stopped.Count))} stopped before the end.";

    internal static async Task<QuarantinesModel> ReadAsync(QuarantineDesk desk, IConsoleStore store, CancellationToken cancellationToken)
    {
        IReadOnlyList<QuarantineStatus> all = desk.IsConfigured ? await desk.ListAsync(cancellationToken) : [];
        return new QuarantinesModel(desk.IsConfigured, all, [.. all.Where(desk.IsStopped).Select(status => status.Plan.ViolationId)], await store.ReadAuditAsync(limit: 50, cancellationToken: cancellationToken));
    }
}
