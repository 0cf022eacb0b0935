using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>A plan that nobody has begun.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="DryRun">How it would go.</param>
/// <param name="CheckedAt">When the dry run was made.</param>
internal sealed record PlannedQuarantine(QuarantinePlan Plan, QuarantineStatus DryRun, DateTimeOffset CheckedAt);
