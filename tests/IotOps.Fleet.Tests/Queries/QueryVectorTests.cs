using System.Text.Json;

namespace IotOps.Fleet.Tests.Queries;

public sealed class QueryVectorTests
{
    private const string Queries = "fleet/queries.jsonl";
    private const string Escapes = "fleet/escapes.jsonl";

    private static readonly IReadOnlyList<FleetThing> Things = FleetThing.ReadAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "fleet", "things.json")));

    public static TheoryData<string> QueryIds => Vectors.Ids(Queries);

    public static TheoryData<string> EscapeIds => Vectors.Ids(Escapes);

    [Theory]
    [MemberData(nameof(QueryIds))]
    public void Each_query_finds_what_it_should(string id)
    {
        JsonElement one = Vectors.Case(Queries, id);
        JsonElement expect = one.GetProperty("expect");

        bool isQuery = FleetQuery.TryParse(one.GetProperty("query").GetString()!, out FleetQuery? query, out _);

        if (expect.ValueKind == JsonValueKind.Array)
        {
            isQuery.ShouldBeTrue();
            Things.Where(query!.Matches).Select(thing => thing.Name).Order(StringComparer.Ordinal)
                .ShouldBe(expect.EnumerateArray().Select(name => name.GetString()!));
        }
        else if (expect.GetString() == "invalid")
        {
            isQuery.ShouldBeFalse();
        }
        else
        {
            // The guide does not answer it; whatever is done here, it does not throw.
            expect.GetString().ShouldBe("open");
            Things.Count(thing => query?.Matches(thing) == true).ShouldBeLessThanOrEqualTo(Things.Count);
        }
    }

    [Theory]
    [MemberData(nameof(EscapeIds))]
    public void A_value_is_found_as_it_is_and_so_is_the_form_of_the_vectors(string id)
    {
        JsonElement one = Vectors.Case(Escapes, id);
        string value = one.GetProperty("value").GetString()!;
        FleetThing thing = Thing(value);
        FleetThing other = Thing("another" + value.Replace('*', 'y').Replace('?', 'y'));

        foreach (FleetQuery query in new[] { FleetQuery.Equal(FleetField.Attribute("x"), value), FleetQuery.Parse("attributes.x:" + one.GetProperty("oneSafeForm").GetString()) })
        {
            query.Matches(thing).ShouldBeTrue(query.Text);
            query.Matches(other).ShouldBeFalse(query.Text);
        }
    }

    private static FleetThing Thing(string value) =>
        FleetThing.Read(JsonElement.Parse($"{{\"thingName\":\"t\",\"attributes\":{{\"x\":\"{JsonEncodedText.Encode(value)}\"}}}}"));
}
