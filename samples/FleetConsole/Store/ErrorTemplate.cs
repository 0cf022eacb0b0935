namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What errors have in common.</summary>
/// <param name="Id">Its number, for links: it stays the same.</param>
/// <param name="EventType">What happened; null for free text.</param>
/// <param name="Reason">The reason's code; null for none.</param>
/// <param name="Text">The words; <c>&lt;*&gt;</c> where they differ.</param>
/// <param name="FirstSeen">The first error of it.</param>
/// <param name="LastSeen">The latest error of it.</param>
public sealed record ErrorTemplate(long Id, string? EventType, string? Reason, string Text, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);
