using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>What the fleet index of an account answered to a query.</summary>
/// <param name="Things">A page of things.</param>
/// <param name="Next">What the next page is asked for with; null behind the last one.</param>
/// <param name="Problem">Why there is no answer, and what to do; null when there is one.</param>
public sealed record IndexAnswer(IReadOnlyList<FleetThing> Things, string? Next, string? Problem = null);
