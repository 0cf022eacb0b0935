namespace IotOps.Fleet.Queries;

/// <summary>A part that must not be so.</summary>
internal sealed class NotNode(QueryNode part) : QueryNode
{
    public override string Text => $"NOT {part.Part}";

    public override IEnumerable<QueryTerm> Terms => part.Terms;

    public override List<FleetQueryMiss> Misses(FleetThing thing) => part.Hits(thing);

    public override List<FleetQueryMiss> Hits(FleetThing thing) => part.Misses(thing);
}
