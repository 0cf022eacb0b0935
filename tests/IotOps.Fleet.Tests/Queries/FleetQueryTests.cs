using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Fleet.Tests.Queries;

public sealed class FleetQueryTests
{
    private const string Alphabet = "aA1.-*?[]{}\"<>=+:()^~&|! \\\u00E9TONDR";

    private static readonly FleetField Firmware = FleetField.Attribute("firmware");
    private static readonly FleetField Battery = FleetField.Reported("battery");

    [Fact]
    public void A_query_is_built_of_parts_that_are_written_as_the_index_reads_them()
    {
        FleetQuery query = FleetQuery.Equal(Firmware, "2.0.10").And(FleetQuery.GreaterThan(Battery, 50))
            .Or(FleetQuery.Like(FleetField.ThingName, "TH*1").And(FleetQuery.Equal(FleetField.Connected, true).Not()));

        query.Text.ShouldBe("(attributes.firmware:2.0.10 AND shadow.reported.battery>50) OR (thingName:TH*1 AND NOT connectivity.connected:true)");
        query.Terms.ShouldBe(4);
        FleetQuery.Between(FleetField.Reported("rssi", shadow: "net"), -80, -61.5).Text.ShouldBe("shadow.name.net.reported.rssi:[-80 TO -61.5]");
    }

    [Theory]
    [InlineData("attributes.firmware>2.0.9", "character 20: versions such as 2.0.9 have no order in the index: 2.0.10 would come before 2.0.9; name the versions, attributes.firmware:(2.0.10 OR 2.0.11), or a pattern, attributes.firmware:2.0.1?")]
    [InlineData("attributes.firmware:[1.0.0 TO 2.0.9]", "character 21: versions such as 1.0.0 have no order")]
    [InlineData("attributes.slot:[80 TO 75]", "character 16: the range begins above its end; write [75 TO 80]")]
    [InlineData("attributes.slot:[* TO 75]", "character 17: a range and a comparison take no wildcards; for an open end write attributes.slot>= or attributes.slot<=")]
    [InlineData("attributes.a/b:1", "character 12: the index does not support '/' in a query, escaped or not")]
    [InlineData("thingName:\"a", "character 10: the quotation mark has no counterpart")]
    [InlineData("thingName:(a OR b", "character 17: ')' is missing")]
    [InlineData("thingName:a)", "character 11: ')' has no counterpart")]
    [InlineData("thingName:", "character 10: a value is expected")]
    [InlineData("AND thingName:a", "character 0: AND joins two parts; quote it to search for the word")]
    [InlineData("thingName:a AND", "character 15: a field or a value is expected")]
    [InlineData("thingName:gw:01", "character 12: a colon within a value is escaped (\\:), or the value quoted")]
    [InlineData("thing*:a", "character 0: the name of a field has no wildcards")]
    [InlineData("shadow.version:3", "character 0: shadow.version is not searchable")]
    [InlineData("shadow.name.net.version:3", "character 0: shadow.name.net.version is not searchable")]
    [InlineData("thingName:a~2", "character 11: the index knows no '~'; escape it to search for the character")]
    [InlineData("", "it is empty; * finds every thing")]
    [InlineData("a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13", "it has 13 terms; 12 are allowed. Ask twice and join what is found")]
    [InlineData("thingName:*ma AND thingGroupNames:?by", "2 patterns begin with a wildcard; one may")]
    public void What_the_service_refuses_or_leaves_open_is_refused_with_a_proposal(string text, string problem)
    {
        FleetQuery.TryParse(text, out _, out string? found).ShouldBeFalse();

        found.ShouldStartWith($"The query cannot be sent: {problem}");
    }

    [Fact]
    public void A_query_with_a_leading_wildcard_has_at_most_100_characters()
    {
        FleetQuery.TryParse("thingName:*" + new string('x', 89), out _, out _).ShouldBeTrue();
        FleetQuery.TryParse("thingName:*" + new string('x', 90), out _, out string? problem).ShouldBeFalse();
        problem.ShouldContain("it has 101 characters and a pattern that begins with a wildcard");
    }

    [Fact]
    public void A_near_miss_is_told_with_the_term_that_failed_and_what_is_there()
    {
        FleetQuery query = FleetQuery.Parse("attributes.firmware:2.0.10 AND (shadow.reported.battery>50 OR shadow.reported.charging:true) NOT thingName:x*");

        Explain("""{"thingName":"a","attributes":{"firmware":"2.0.10"},"shadow":{"reported":{"battery":77}}}""").ShouldBeEmpty();
        Explain("""{"thingName":"a","attributes":{"firmware":"2.0.10"},"shadow":{"reported":{"battery":40}}}""").ShouldBe(["shadow.reported.battery>50 (it is 40)"]);
        Explain("""{"thingName":"x1","attributes":{"firmware":"2.0.10"},"shadow":{"reported":{"battery":51}}}""").ShouldBe(["NOT thingName:x* (it is x1)"]);
        Explain("""{"thingName":"a","shadow":{"reported":{"battery":51}}}""").ShouldBe(["attributes.firmware:2.0.10 (there is none)"]);
        Explain("""{"thingName":"x2"}""").Length.ShouldBe(3);

        string[] Explain(string thing) => [.. query.Explain(Thing(thing)).Misses.Select(miss => miss.ToString())];
    }

    [Theory]
    [InlineData("attributes.tint:light", true)]
    [InlineData("attributes.tint:\"INFRARED light\"", true)]
    [InlineData("attributes.tint:\"light infrared\"", false)]
    [InlineData("attributes.a.b:1.0", true)]
    [InlineData("attributes.slot>70 attributes.slot<1e2", true)]
    [InlineData("attributes.slot>abc", false)]
    [InlineData("registry.thingTypeName:sensor", true)]
    [InlineData("shadow.reported.on:true", true)]
    [InlineData("shadow.reported.list.x:2", true)]
    [InlineData("shadow.reported.nothing:*", false)]
    [InlineData("-thingName:b", true)]
    [InlineData("thingName:(b OR -c)", true)]
    [InlineData("CONNECTION_LOST", false)]
    public void Values_compare_as_the_guide_says(string query, bool isFound) => FleetQuery.Parse(query).Matches(Thing("""
        {"thingName":"a","thingTypeName":"sensor","attributes":{"tint":"infrared light","a.b":"1","slot":"75"},
         "shadow":"{\"reported\":{\"on\":true,\"list\":[{\"x\":1},{\"x\":2}],\"nothing\":null}}","connectivity":{"disconnectReason":"CONNECTION_LOST"}}
        """)).ShouldBe(isFound);

    [Theory]
    [InlineData("a@b", "'a@b' cannot be searched for: the index does not support '@' in a query.")]
    [InlineData(" ", "An empty value cannot be searched for; use Exists, or Exists and Not.")]
    public void A_value_that_the_index_cannot_search_for_is_refused(string value, string problem) =>
        Should.Throw<FormatException>(() => FleetQuery.Equal(Firmware, value)).Message.ShouldBe(problem);

    [Fact]
    public void Whatever_a_value_has_the_built_query_finds_it_and_what_is_written_is_read_again() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            string value = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (string.IsNullOrWhiteSpace(value) || value != value.Trim() || value.Contains("  ", StringComparison.Ordinal))
            {
                return;
            }

            FleetQuery query = FleetQuery.Equal(FleetField.Attribute("x"), value);
            FleetThing thing = Thing($"{{\"thingName\":\"t\",\"attributes\":{{\"x\":\"{JsonEncodedText.Encode(value)}\"}}}}");

            query.Matches(thing).ShouldBeTrue(query.Text);
            FleetQuery.Parse(query.Text).And(FleetQuery.All).Matches(thing).ShouldBeTrue(query.Text);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 5).WithMaxTest(3_000));

    [Fact]
    public void Whatever_text_is_given_it_is_a_query_or_refused_with_a_reason() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            string[] pieces = ["thingName", ":", "(", ")", "[", "]", "{", " TO ", "\"", "\\", "*", "?", "<", ">=", "-", " AND ", " OR ", "NOT ", "a", "2.0.9", "75", " "];
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));

            bool isQuery = FleetQuery.TryParse(text, out FleetQuery? query, out string? problem);

            (problem is null).ShouldBe(isQuery);
            query?.Matches(Thing("""{"thingName":"a"}"""));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 7).WithMaxTest(5_000));

    [Fact]
    public void Parentheses_without_end_are_refused() =>
        FleetQuery.TryParse(new string('(', 100_000), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("{\"thing\":[]}")]
    [InlineData("[{\"thingName\":\"a\",\"shadow\":\"{\"}]")]
    [InlineData("[")]
    public void What_is_no_list_of_things_is_refused(string json) => Should.Throw<FormatException>(() => FleetThing.ReadAll(json));

    private static FleetThing Thing(string json) => FleetThing.Read(JsonElement.Parse(json));
}
