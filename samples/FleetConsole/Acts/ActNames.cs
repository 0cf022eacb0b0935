namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>What acts are called in the audit log.</summary>
internal static class ActNames
{
    public const string Plan = "quarantine.plan";
    public const string Execute = "quarantine.execute";
    public const string Resume = "quarantine.resume";
    public const string Undo = "quarantine.undo";
    public const string UndoStep = "quarantine.undo-step";
    public const string Query = "query.send";
    public const string Evidence = "evidence.collect";
    public const string EvidenceCancel = "evidence.cancel";
    public const string EvidenceDownload = "evidence.download";
    public const string Cancel = "quarantine.cancel";
}
