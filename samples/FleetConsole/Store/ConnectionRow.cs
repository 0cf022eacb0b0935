using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A lifecycle event.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Reason">Why it disconnected or was refused; null for a connection.</param>
/// <param name="Address">Where it came from; null in disconnected.</param>
/// <param name="Principal">Its certificate, or the caller behind another credential.</param>
public sealed record ConnectionRow(DateTimeOffset Time, LifecycleEventKind Kind, string? Reason, string? Address, string? Principal);
