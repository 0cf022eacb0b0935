using System.Text.Json;

namespace IotOps.Fleet.Tests.Patterns;

public sealed class PatternVectorTests
{
    private const string File = "fleet/patterns.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_vector_has_its_verdict(string id)
    {
        JsonElement one = Vectors.Case(File, id);

        string verdict = !EventPattern.TryParse(Text(one, "pattern"), out EventPattern? pattern, out _) ? "invalid"
            : pattern.Matches(Text(one, "event")) ? "match" : "no-match";

        verdict.ShouldBe(one.GetProperty("expect").GetString());
    }

    [Fact]
    public void In_one_set_each_pattern_matches_the_events_that_it_matches_alone()
    {
        JsonElement[] cases = [.. Vectors.Read(File).Where(one => EventPattern.TryParse(Text(one, "pattern"), out _, out _))];
        EventPattern[] patterns = [.. cases.Select(one => EventPattern.Parse(Text(one, "pattern")))];
        var set = new EventPatternSet(patterns);

        foreach (string json in cases.Select(one => Text(one, "event")))
        {
            set.Match(json).ShouldBe(patterns.Where(pattern => pattern.Matches(json)));
        }
    }

    private static string Text(JsonElement one, string name) =>
        one.TryGetProperty(name + "Text", out JsonElement text) ? text.GetString()! : one.GetProperty(name).GetRawText();
}
