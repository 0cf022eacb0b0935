namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A page of lines.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Next">Where the next page begins; null behind the last one.</param>
public sealed record LinePage(IReadOnlyList<LogLineRow> Lines, LineKey? Next);
