namespace IotOps.Samples.DeviceAgent.Health;

/// <summary>How one service of the agent is.</summary>
/// <param name="Waits">How long its oldest work has waited; null when nothing waits.</param>
/// <param name="LastSuccess">When its service last took something; null before the first time.</param>
/// <param name="LastError">What was last refused, and why; null when nothing was.</param>
internal sealed record HealthPart(TimeSpan? Waits, DateTimeOffset? LastSuccess, string? LastError);
