using System.Text.Json;

namespace IotOps.Fleet.Queries;

/// <summary>What one field must be, or any field where none is named.</summary>
/// <param name="name">The field as it is spelled; null for any.</param>
/// <param name="test">What its values must be.</param>
internal sealed class QueryTerm(string? name, ValueTest test) : QueryNode
{
    public ValueTest Test => test;

    public override string Text => name is null ? test.Text : QueryText.EscapeField(name) + (test.HasOperator ? "" : ":") + test.Text;

    public override IEnumerable<QueryTerm> Terms => [this];

    public override List<FleetQueryMiss> Misses(FleetThing thing)
    {
        List<JsonElement> values = Values(thing);
        return values.Exists(test.Takes) ? [] : [Miss(values, isNegated: false)];
    }

    public override List<FleetQueryMiss> Hits(FleetThing thing)
    {
        List<JsonElement> values = Values(thing);
        return values.Exists(test.Takes) ? [Miss(values, isNegated: true)] : [];
    }

    private List<JsonElement> Values(FleetThing thing) => name is null ? thing.SearchedValues() : thing.ValuesOf(name);

    private FleetQueryMiss Miss(List<JsonElement> values, bool isNegated) =>
        new((isNegated ? "NOT " : "") + Text, name is null || values.Count == 0 ? null : string.Join(", ", values.Take(8).Select(value => value.ToString())));
}
