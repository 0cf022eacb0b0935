using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests.Patterns;

public sealed class PatternPropertyTests
{
    private static readonly string[] Names = ["a", "b", "c", "a.b"];

    [Fact]
    public void Arrays_of_objects_match_as_trying_every_combination_says() => Check(4_000, seed: 3, random =>
    {
        string[] patterns = [.. Enumerable.Range(0, 3).Select(_ => Pattern(random, 2, isInOr: false))];
        string json = Object(random, 3);

        var set = new EventPatternSet([.. patterns.Select(EventPattern.Parse)]);

        set.Match(json).Select(pattern => pattern.Json).ShouldBe(patterns.Where(pattern => PatternOracle.Matches(pattern, json)), $"{string.Join(" ; ", patterns)} on {json}");
    });

    [Fact]
    public void An_event_is_read_exactly_when_it_is_JSON() => Check(3_000, seed: 5, random =>
    {
        byte[] json = JsonMaker.Damage(Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Object(random, 3) : JsonMaker.Record(random)), random);
        EventPattern pattern = EventPattern.Parse("""{"a":{"b":[1,{"prefix":"x"}]},"requestParameters":{"thingName":[{"wildcard":"*a*"},{"exists":false}]}}""");

        bool isRead = true;
        try
        {
            _ = pattern.Matches(json);
        }
        catch (FormatException)
        {
            isRead = false;
        }

        isRead.ShouldBe(IsJsonObject(json), Encoding.UTF8.GetString(json));
    });

    [Fact]
    public void Whatever_text_is_given_it_is_a_pattern_or_refused_with_a_reason() => Check(3_000, seed: 7, random =>
    {
        byte[] json = JsonMaker.Damage(Encoding.UTF8.GetBytes(Pattern(random, 3, isInOr: false)), random);

        bool isPattern = EventPattern.TryParse(Encoding.UTF8.GetString(json), out EventPattern? pattern, out EventPatternProblem? problem);

        (problem is null).ShouldBe(isPattern);
        pattern?.Matches("{}");
    });

    // Four arrays of a hundred objects that agree with each other, and one that does not: a hundred million combinations.
    [Fact]
    public void Arrays_that_do_not_depend_on_each_other_do_not_multiply()
    {
        string objects = string.Join(',', Enumerable.Repeat("""{"x":1,"y":1}""", 100));
        string json = $$"""{"a":[{{objects}}],"b":[{{objects}}],"c":[{{objects}}],"d":[{{objects}}],"e":[{"x":1},{"y":1}]}""";
        string pattern = """{"a":{"x":[1],"y":[1]},"b":{"x":[1],"y":[1]},"c":{"x":[1],"y":[1]},"d":{"x":[1],"y":[1]},"e":{"x":[1],"y":[1]}}""";

        EventPattern.Parse(pattern).Matches(json).ShouldBeFalse();
    }

    private static void Check(int count, ulong seed, Action<Random> check) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), value => check(new Random(value))).Check(Config.QuickThrowOnFailure.WithReplay(20260101, seed).WithMaxTest(count));

    private static string Pattern(Random random, int depth, bool isInOr)
    {
        List<string> members = [];
        foreach (string name in Names.Where(_ => random.Next(2) == 0))
        {
            members.Add($"\"{name}\":{(depth > 0 && random.Next(2) == 0 ? Pattern(random, depth - 1, isInOr) : Terms(random))}");
        }

        if (depth > 0 && random.Next(4) == 0)
        {
            members.Insert(random.Next(members.Count + 1), $"\"$or\":[{Pattern(random, depth - 1, true)},{Pattern(random, depth - 1, true)}]");
        }

        return members.Count == 0 ? $"{{\"a\":{Terms(random)}}}" : $"{{{string.Join(',', members)}}}";
    }

    private static string Terms(Random random) => random.Next(6) switch
    {
        0 => "[1]",
        1 => "[\"x\",2]",
        2 => "[null]",
        3 => """[{"exists":true}]""",
        4 => """[{"exists":false}]""",
        _ => """[1,{"exists":false}]""",
    };

    private static string Object(Random random, int depth) =>
        $"{{{string.Join(',', Names.Where(_ => random.Next(3) > 0).Select(name => $"\"{name}\":{Value(random, depth)}"))}}}";

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => "1",
        1 => "\"x\"",
        2 => "null",
        3 => "2",
        4 => Object(random, depth - 1),
        _ => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
    };

    private static bool IsJsonObject(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_000 });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
