namespace IotOps.Fleet;

/// <summary>A page of things that the fleet index found.</summary>
/// <param name="Things">The things; up to <see cref="FleetIndex.PageSize"/>.</param>
/// <param name="Next">What the next page is asked for with; null behind the last one.</param>
public sealed record FleetThingPage(IReadOnlyList<FleetThing> Things, string? Next);
