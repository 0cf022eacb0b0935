using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>An entry of the navigation.</summary>
internal sealed record NavEntry(string Section, string Title, string Path)
{
    /// <summary>The mark beside it in words; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>The mark.</summary>
    public string? Mark { get; init; }

    /// <summary>The mark's class.</summary>
    public string State { get; init; } = "";

    public static IReadOnlyList<NavEntry> Of(PageContext page) =>
    [
        new("errors", "Errors", "/"),
        WithAlarms(new("connectivity", "Connectivity", "/connectivity"), page, FindingSource.Connectivity),
        WithAlarms(new("findings", "Findings", "/findings"), page, FindingSource.Audit, FindingSource.Detect),
        new("activity", "Activity", "/activity"),
        new("devices", "Devices", "/devices"),
        page.StoppedQuarantines == 0
            ? new("quarantine", "Quarantine", "/quarantine")
            : new("quarantine", "Quarantine", "/quarantine") { Note = $"{page.StoppedQuarantines} to resume", Mark = $"■{page.StoppedQuarantines}", State = "warn" },
        new("query", "Query", "/query"),
    ];

    private static NavEntry WithAlarms(NavEntry entry, PageContext page, params ReadOnlySpan<FindingSource> sources)
    {
        long open = 0;
        foreach (FindingSource source in sources)
        {
            open += page.Status?.OpenFindings.GetValueOrDefault(source) ?? 0;
        }

        return open == 0 ? entry : entry with { Note = $"{Words.Number(open)} high or critical", Mark = $"▲{Words.Number(open)}", State = "bad" };
    }
}
