using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Tests.Selectors;

public sealed class SelectorVectorTests
{
    private const string File = "cloudtrail/selectors.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_vector_has_its_verdict(string id)
    {
        JsonElement one = Vectors.Case(File, id);
        string json = one.GetProperty("selectors").GetRawText();

        string verdict = !EventSelectors.TryParse(json, EventSelectorTarget.Either, out EventSelectors? selectors, out _) ? "invalid"
            : selectors.Matches(one.GetProperty("event")) ? "match" : "no-match";

        verdict.ShouldBe(one.GetProperty("expect").GetString());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Written_and_read_again_each_valid_set_is_the_same(string id)
    {
        string json = Vectors.Case(File, id).GetProperty("selectors").GetRawText();
        if (EventSelectors.TryParse(json, EventSelectorTarget.Either, out EventSelectors? selectors, out _))
        {
            JsonElement.DeepEquals(JsonElement.Parse(json), JsonElement.Parse(Encoding.UTF8.GetString(selectors.ToUtf8Json()))).ShouldBeTrue();
        }
    }
}
