namespace IotOps.Fleet.Queries;

/// <summary>A part of a fleet query.</summary>
internal abstract class QueryNode
{
    /// <summary>How the part is written within another one.</summary>
    public abstract string Text { get; }

    /// <summary>Terms in it.</summary>
    public abstract IEnumerable<QueryTerm> Terms { get; }

    /// <summary>Why a thing is no hit: the fewest terms that would have to be otherwise. Empty for a hit.</summary>
    public abstract List<FleetQueryMiss> Misses(FleetThing thing);

    /// <summary>Why a thing is a hit, where it should be none; empty when it is none.</summary>
    public abstract List<FleetQueryMiss> Hits(FleetThing thing);

    /// <summary>How the part is written beside others.</summary>
    public virtual string Part => Text;
}
