namespace IotOps.Samples.FleetTool.Routing;

/// <summary>A route of the configuration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pattern">An event pattern, JSON.</param>
/// <param name="StartExecution">The state machine that it starts; null for none.</param>
/// <param name="IsAlarm">Whether it makes alarms. One that does neither prints.</param>
internal sealed record ConfiguredRoute(string Name, byte[] Pattern, string? StartExecution, bool IsAlarm);
