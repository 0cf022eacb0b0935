using System.Text;

namespace IotOps.Fleet.Tests.Patterns;

public sealed class PatternRuleTests
{
    [Theory]
    [InlineData("a, byte 5: a value stands in an array, also when it is only one", """{"a":"x"}""")]
    [InlineData("pattern, byte 0: a pattern is an object", """["a"]""")]
    [InlineData("pattern, byte 1: an empty object asks nothing; leave it out", "{}")]
    [InlineData("d.a, byte 11: an empty array lets nothing match; leave it out", """{"d":{"a":[]}}""")]
    [InlineData("a, byte 14: there is no operator 'regex'", """{"a":[{"regex":"x"}]}""")]
    [InlineData("a, byte 17: a range begins below its end", """{"a":[{"numeric":[">",5,"<",1]}]}""", 29)]
    [InlineData("a, byte 16: two stars follow each other at character 1; one means the same", """{"a":[{"wildcard":"a**b"}]}""", 18)]
    [InlineData("a, byte 14: '10.0.0.0/32' is no network; it is an address, a slash and fewer bits than the address has, such as 10.0.0.0/24", """{"a":[{"cidr":"10.0.0.0/32"}]}""")]
    [InlineData("pattern, byte 19: $or takes two objects or more", """{"$or":[{"a":["x"]}]}""", 19)]
    [InlineData("pattern, byte 8: 'prefix' is an operator, and no name of a member within $or", """{"$or":[{"prefix":["x"]},{"a":["y"]}]}""", 9)]
    [InlineData("a, byte 14: an operator stands in an object of its own", """{"a":[{"prefix":"a","suffix":"b"}]}""", 20)]
    [InlineData("a, byte 18: 0.30000000000000000001 cannot be compared: no double is exactly this number", """{"a":[{"numeric":["=",0.30000000000000000001]}]}""", 22)]
    public void What_is_no_pattern_is_refused_with_its_place(string problem, string pattern, int position = -1)
    {
        EventPattern.TryParse(pattern, out _, out EventPatternProblem? found).ShouldBeFalse();

        string expected = problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        found.Reason.ShouldBe(expected);
        found.Path.ShouldBe(problem.StartsWith("pattern", StringComparison.Ordinal) ? "" : problem.Split(',')[0]);
        if (position >= 0)
        {
            found.Position.ShouldBe(position);
        }

        Should.Throw<FormatException>(() => EventPattern.Parse(pattern)).Message.ShouldBe(found.ToString());
    }

    [Fact]
    public void A_pattern_has_at_most_4096_characters()
    {
        string Pattern(int length) => $$"""{"a":["{{new string('x', length - 10)}}"]}""";

        EventPattern.TryParse(Pattern(4_096), out _, out _).ShouldBeTrue();
        EventPattern.TryParse(Pattern(4_097), out _, out EventPatternProblem? problem).ShouldBeFalse();
        problem.Reason.ShouldBe("it has 4097 characters; EventBridge takes 4096");
    }

    [Fact]
    public void Alternatives_that_multiply_without_end_are_refused()
    {
        string or = string.Concat(Enumerable.Range(0, 10).Select(i => $"\"$or\":[{{\"a{i}\":[1]}},{{\"b{i}\":[1]}}],"));

        EventPattern.TryParse($"{{{or}\"z\":[1]}}", out _, out EventPatternProblem? problem).ShouldBeFalse();

        problem!.Reason.ShouldBe("$or makes more than 1000 alternatives");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"d":{}}""")]
    [InlineData("""{"d":{"a":1}}""")]
    public void A_member_that_is_no_leaf_counts_as_absent(string json) =>
        EventPattern.Parse("""{"d":[{"exists":false}]}""").Matches(json).ShouldBeTrue();

    [Theory]
    [InlineData("""{"n":[9007199254740993]}""", """{"n":9007199254740993}""", true)]
    [InlineData("""{"n":[9007199254740993]}""", """{"n":9007199254740992}""", false)]
    [InlineData("""{"n":[9007199254740992]}""", """{"n":9007199254740993}""", false)]
    [InlineData("""{"n":[{"anything-but":[1e2]}]}""", """{"n":100}""", false)]
    [InlineData("""{"n":[{"numeric":["<=",1e400]}]}""", """{"n":1}""", null)]
    [InlineData("""{"n":[{"numeric":["<=",5]}]}""", """{"n":1e400}""", false)]
    [InlineData("""{"n":[0]}""", """{"n":-0e7}""", true)]
    [InlineData("""{"n":[123456789012345680]}""", """{"n":1.2345678901234568E17}""", true)]
    public void Numbers_compare_as_doubles_where_they_are_one_and_as_text_else(string pattern, string json, bool? matches)
    {
        bool isPattern = EventPattern.TryParse(pattern, out EventPattern? read, out _);

        isPattern.ShouldBe(matches is not null);
        read?.Matches(json).ShouldBe(matches!.Value);
    }

    [Theory]
    [InlineData("""{"a":[{"exactly":"10.0.0.1"}]}""", """{"a":"010.0.0.1"}""", false)]
    [InlineData("""{"a":["10.0.0.1"]}""", """{"a":"010.0.0.1"}""", true)]
    [InlineData("""{"a":[{"suffix":{"equals-ignore-case":"ÉA"}}]}""", """{"a":"xéa"}""", true)]
    [InlineData("""{"a":[{"equals-ignore-case":"\ud83d\ude00x"}]}""", """{"a":"\ud83d\ude00X"}""", true)]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x"}}]}""", """{"a":5}""", true)]
    [InlineData("""{"a":[{"anything-but":["10.0.0.1"]}]}""", """{"a":"10.0.0.1"}""", false)]
    [InlineData("""{"a.b":["x"]}""", """{"a.b":"x"}""", true)]
    [InlineData("""{"a":{"b":["x"]}}""", """{"\u0061":{"b":"\u0078"}}""", true)]
    [InlineData("""{"a":[{"wildcard":"*"}]}""", """{"a":5}""", false)]
    public void A_value_is_taken_or_not(string pattern, string json, bool matches) => EventPattern.Parse(pattern).Matches(json).ShouldBe(matches);

    [Fact]
    public void What_follows_an_or_is_asked_of_every_branch()
    {
        EventPattern pattern = EventPattern.Parse("""{"$or":[{"a":[1]},{"b":[1]}],"c":[1]}""");

        pattern.Matches("""{"b":1,"c":1}""").ShouldBeTrue();
        pattern.Matches("""{"b":1}""").ShouldBeFalse();
    }

    [Theory]
    [InlineData("[1]", "byte 0: an event is a JSON object")]
    [InlineData("", "byte 0: the event ends too early")]
    [InlineData("""{"a":1""", "byte 6: the event ends too early")]
    [InlineData("""{"a":01}""", "byte 5: this is no number")]
    [InlineData("""{"a":tru}""", "byte 5: a value is expected")]
    [InlineData("""{"a":"x}""", "byte 8: the event ends within a text")]
    [InlineData("""{"a":"\x"}""", "byte 6: this is no escape")]
    [InlineData("""{"a":1} 2""", "byte 8: something follows the event")]
    [InlineData("""{"a":1 "b":2}""", "byte 7: a comma or the end of the object is expected")]
    [InlineData("{\"a\":\"\n\"}", "byte 6: a control character stands in a text")]
    public void What_is_no_event_is_told_with_its_place(string json, string problem) =>
        Should.Throw<FormatException>(() => EventPattern.Parse("""{"z":[1]}""").Matches(json)).Message.ShouldBe($"The event is no JSON: {problem}.");

    [Fact]
    public void Nesting_has_an_end() =>
        Should.Throw<FormatException>(() => EventPattern.Parse("""{"z":[1]}""").Matches(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 1_000_000))))
            .Message.ShouldContain("more than 1000 objects and arrays lie within each other");
}
