using IotOps.Aws;

namespace IotOps.Detect.Tests.Quarantine;

/// <summary>A process that uses the runbook: it has its own clients and opens the journal for itself.</summary>
internal sealed class QuarantineRun : IAsyncDisposable
{
    private readonly AwsClient _iot;
    private readonly AwsClient _data;
    private readonly FileQuarantineJournal _journal;

    public QuarantineRun(QuarantineLab lab, KillSwitch? kill = null, Func<QuarantineRunbookOptions, QuarantineRunbookOptions>? change = null)
    {
        Transport.Kill = kill ?? new KillSwitch();
        _iot = lab.Client(AwsService.Iot, Transport);
        _data = lab.Client(AwsService.IotData, Transport);
        _journal = lab.OpenJournal();
        var options = new QuarantineRunbookOptions
        {
            Iot = _iot,
            IotData = _data,
            Journal = new KilledJournal(_journal, Transport.Kill),
            QuarantineGroup = "quarantine",
            DenyPolicy = "deny",
            FleetSize = 1_000,
            TimeProvider = lab.Clock,
        };
        Runbook = new QuarantineRunbook(change?.Invoke(options) ?? options);
    }

    public KilledTransport Transport { get; } = new();

    public QuarantineRunbook Runbook { get; }

    /// <summary>The entries of the lab's violation.</summary>
    public Task<IReadOnlyList<QuarantineEntry>> EntriesAsync() => _journal.ReadAsync(QuarantineLab.Violation);

    public Task<QuarantinePlan> PlanAsync(string violation = QuarantineLab.Violation, string thing = QuarantineLab.Thing) =>
        Runbook.PlanAsync(new QuarantineRequest(violation, thing) { Reason = "exfiltrates" });

    public async Task<QuarantineStatus> ExecuteAsync() => await Runbook.ExecuteAsync(await PlanAsync(), "ops");

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _iot.Dispose();
        _data.Dispose();
        Transport.Dispose();
    }
}
