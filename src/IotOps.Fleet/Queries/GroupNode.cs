namespace IotOps.Fleet.Queries;

/// <summary>Parts of which all, or any, must be so.</summary>
internal sealed class GroupNode(bool isAnd, IReadOnlyList<QueryNode> parts) : QueryNode
{
    public override string Text => string.Join(isAnd ? " AND " : " OR ", parts.Select(part => part.Part));

    public override string Part => $"({Text})";

    public override IEnumerable<QueryTerm> Terms => parts.SelectMany(part => part.Terms);

    public override List<FleetQueryMiss> Misses(FleetThing thing) => isAnd ? All(part => part.Misses(thing)) : Fewest(part => part.Misses(thing));

    public override List<FleetQueryMiss> Hits(FleetThing thing) => isAnd ? Fewest(part => part.Hits(thing)) : All(part => part.Hits(thing));

    private List<FleetQueryMiss> All(Func<QueryNode, List<FleetQueryMiss>> of) => [.. parts.SelectMany(of)];

    private List<FleetQueryMiss> Fewest(Func<QueryNode, List<FleetQueryMiss>> of) => parts.Select(of).MinBy(misses => misses.Count)!;
}
