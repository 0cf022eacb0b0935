using IotOps.Aws;
using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>What quarantines are made with.</summary>
/// <param name="Options">The runbook's options; they have a journal.</param>
internal sealed record QuarantineTools(QuarantineRunbookOptions Options)
{
    public QuarantineRunbook Runbook { get; } = new(Options);

    public IQuarantineJournal Journal => Options.Journal!;

    /// <summary>Reads and acts on things of the account.</summary>
    public AwsClient Iot => Options.Iot;
}
