using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Fleet.Tests.Selectors;

public sealed class SelectorRuleTests
{
    private const string Data = """{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::IoT::Thing"]}""";

    [Theory]
    [InlineData("selector 0, field resources.type: is required for Data events", """{"Field":"eventCategory","Equals":["Data"]}""")]
    [InlineData("selector 0, field eventCategory: is required", """{"Field":"resources.type","Equals":["AWS::IoT::Thing"]}""")]
    [InlineData("selector 0, field resources.type: may be given once; add a selector for other values", Data + """,{"Field":"resources.type","Equals":["AWS::IoT::Certificate"]}""")]
    [InlineData("selector 0, field resources.type: takes Equals only, not StartsWith", """{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","StartsWith":["AWS::IoT"]}""")]
    [InlineData("selector 0, field readOnly: takes Equals only, not NotEquals", Data + """,{"Field":"readOnly","NotEquals":["true"]}""")]
    [InlineData("selector 0, field readOnly: 'yes' is no value of it; it takes true or false", Data + """,{"Field":"readOnly","Equals":["yes"]}""")]
    [InlineData("selector 0, field readOnly: Equals takes a list of texts, also for one value and for true and false", Data + """,{"Field":"readOnly","Equals":[true]}""")]
    [InlineData("selector 0, field eventName: has no operator; give one of Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith", Data + """,{"Field":"eventName"}""")]
    [InlineData("selector 0, field eventName: Equals has no value", Data + """,{"Field":"eventName","Equals":[]}""")]
    [InlineData("selector 0, field eventName: Equals has a value of 0 characters; 1 to 2048 are allowed", Data + """,{"Field":"eventName","Equals":[""]}""")]
    [InlineData("selector 0, field eventName: there is no operator Contains; give one of Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith", Data + """,{"Field":"eventName","Contains":["x"]}""")]
    [InlineData("selector 0, field eventCategory: must be given once, with Equals and one value", """{"Field":"eventCategory","Equals":["Data","Management"]}""")]
    [InlineData("selector 0, field eventCategory: 'Insight' is none of Management, Data, NetworkActivity", """{"Field":"eventCategory","Equals":["Insight"]}""")]
    [InlineData("selector 0, field eventSource: management events on a trail take NotEquals of kms.amazonaws.com or rdsdata.amazonaws.com only", """{"Field":"eventCategory","Equals":["Management"]},{"Field":"eventSource","Equals":["iot.amazonaws.com"]}""")]
    [InlineData("selector 0, field eventSource: is required for NetworkActivity events", """{"Field":"eventCategory","Equals":["NetworkActivity"]}""")]
    [InlineData("selector 0, field errorCode: 'AccessDenied' is no value of it; it takes VpceAccessDenied", """{"Field":"eventCategory","Equals":["NetworkActivity"]},{"Field":"eventSource","Equals":["kms.amazonaws.com"]},{"Field":"errorCode","Equals":["AccessDenied"]}""")]
    [InlineData("selector 0, field eventName: Management events cannot be chosen by it on a trail, only by eventCategory, eventSource, readOnly", """{"Field":"eventCategory","Equals":["Management"]},{"Field":"eventName","Equals":["CreateThing"]}""")]
    public void A_trail_refuses(string problem, string fields) => Problems($$"""[{"FieldSelectors":[{{fields}}]}]""").ShouldBe([problem]);

    [Theory]
    [InlineData("selectors: at least one is needed", "[]")]
    [InlineData("selectors: a list of selectors is needed, not a text", "\"x\"")]
    [InlineData("selectors: an object needs a member AdvancedEventSelectors", "{}")]
    [InlineData("selectors: these are basic event selectors, which cannot choose Greengrass' data events; write AdvancedEventSelectors instead of them", """{"EventSelectors":[{"ReadWriteType":"All"}]}""")]
    [InlineData("selector 0: there is no member Selectors, only Name and FieldSelectors", """[{"Selectors":[],"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}]""")]
    [InlineData("selector 0: a field selector is an object with a text Field", """[{"FieldSelectors":[1,{"Field":"eventCategory","Equals":["Management"]}]}]""")]
    [InlineData("selectors: not JSON: a text has half of a surrogate pair, or is no UTF-8", """[{"Name":"\ud800"}]""")]
    public void What_is_no_set_is_refused(string problem, string json) => Problems(json).ShouldBe([problem]);

    [Fact]
    public void Typographic_quotation_marks_are_named_with_their_place() =>
        Problems("[ {\n  \u201CName\u201D: \"x\" } ]").ShouldBe(
        [
            "selectors: not JSON: line 2, column 3 has a typographic quotation mark (\u201C, U+201C), as published examples do; replace all of them with straight ones (\")",
        ]);

    [Fact]
    public void A_trail_takes_at_most_500_values_in_all()
    {
        string values = string.Join(',', Enumerable.Range(0, 250).Select(i => $"\"e{i}\""));
        string one = $$"""{"FieldSelectors":[{{Data}},{"Field":"eventName","Equals":[{{values}}]}]}""";

        Problems($"[{one}]").ShouldBeEmpty();
        Problems($"[{one},{one}]").ShouldBe(["selectors: 504 values in all conditions together; at most 500 are allowed"]);
    }

    [Fact]
    public void An_event_data_store_takes_more_fields_of_management_events_and_more_categories()
    {
        const string ByName = """[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]},{"Field":"eventName","Equals":["CreateThing"]}]}]""";
        const string Insight = """[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Insight"]}]}]""";

        Problems(ByName, EventSelectorTarget.EventDataStore).ShouldBeEmpty();
        Problems(Insight, EventSelectorTarget.EventDataStore).ShouldBeEmpty();
        Problems(Insight, EventSelectorTarget.Either).ShouldBeEmpty();
    }

    [Fact]
    public void A_bad_set_cannot_be_made() =>
        Should.Throw<ArgumentException>(() => new EventSelectors([new EventSelector([])])).Message.ShouldStartWith("selector 0, field eventCategory: is required");

    [Fact]
    public void The_answer_of_get_event_selectors_is_read_as_well() =>
        EventSelectors.Parse($$"""{"TrailARN":"arn:aws:cloudtrail:eu-west-1:123456789012:trail/ops","AdvancedEventSelectors":[{"Name":"x","FieldSelectors":[{{Data}}]}]}""")
            .All.Single().Name.ShouldBe("x");

    [Theory]
    [InlineData("""{"eventVersion":"1.05","managementEvent":false,"resources":[{"type":"AWS::IoT::Thing"}]}""", true)]
    [InlineData("""{"eventVersion":"1.05","managementEvent":true,"resources":[{"type":"AWS::IoT::Thing"}]}""", false)]
    [InlineData("""{"eventVersion":"1.05","eventType":"AwsVpceEvents","managementEvent":false,"resources":[{"type":"AWS::IoT::Thing"}]}""", false)]
    public void A_record_that_does_not_name_its_category_is_chosen_by_what_it_is(string record, bool isChosen) =>
        EventSelectors.AllData("AWS::IoT::Thing").Matches(CloudTrailRecord.Parse(System.Text.Encoding.UTF8.GetBytes(record))).ShouldBe(isChosen);

    [Fact]
    public void Whatever_text_is_read_is_taken_or_refused_with_a_problem() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                byte[] json = Trail.JsonMaker.Damage(
                    random.Next(2) == 0 ? EventSelectors.AllGreengrassData().ToUtf8Json() : System.Text.Encoding.UTF8.GetBytes($"[{Trail.JsonMaker.Record(random)}]"), random);

                Problems(System.Text.Encoding.UTF8.GetString(json));
            }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 9).WithMaxTest(2_000));

    [Fact]
    public void Nesting_without_end_is_refused() => Problems(new string('[', 100_000)).ShouldHaveSingleItem().ShouldStartWith("selectors: not JSON");

    private static string[] Problems(string json, EventSelectorTarget target = EventSelectorTarget.Trail)
    {
        bool isTaken = EventSelectors.TryParse(json, target, out _, out IReadOnlyList<EventSelectorProblem> problems);
        isTaken.ShouldBe(problems.Count == 0);
        return [.. problems.Select(problem => problem.ToString())];
    }
}
