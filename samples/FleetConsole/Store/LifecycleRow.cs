using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A lifecycle event with its place.</summary>
/// <param name="Key">Its place.</param>
/// <param name="Event">The event.</param>
public sealed record LifecycleRow(LineKey Key, LifecycleEvent Event);
