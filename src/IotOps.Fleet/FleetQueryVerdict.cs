namespace IotOps.Fleet;

/// <summary>What a query makes of a thing.</summary>
/// <param name="Thing">The thing.</param>
/// <param name="Misses">The fewest terms that would have to be otherwise; empty for a hit.</param>
public sealed record FleetQueryVerdict(FleetThing Thing, IReadOnlyList<FleetQueryMiss> Misses)
{
    /// <summary>Whether the query finds it.</summary>
    public bool IsHit => Misses.Count == 0;

    /// <summary>Whether one term alone keeps it from being found.</summary>
    public bool IsNearMiss => Misses.Count == 1;
}
