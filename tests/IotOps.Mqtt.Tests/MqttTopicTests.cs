using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Mqtt.Tests;

/// <summary>Names, filters and which of them go together.</summary>
public sealed class MqttTopicTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+/b", "a/b", true)]
    [InlineData("+", "/a", false)]
    [InlineData("/+", "/a", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/+/c/#", "a/b/c", true)]
    [InlineData("#", "$aws/things", false)]
    [InlineData("+/things", "$aws/things", false)]
    [InlineData("$aws/#", "$aws/things", true)]
    [InlineData("$aws/things/+/shadow/get/+", "$aws/things/T/shadow/get/accepted", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("$share/g/a/+", "a/b", true)]
    [InlineData("$share/g/a/+", "$share/g/a/b", false)]
    public void Matching(string filter, string topic, bool matches) => MqttTopic.Matches(filter, topic).ShouldBe(matches);

    [Theory]
    [InlineData("a/#", true)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("+/+/#", true)]
    [InlineData("/", true)]
    [InlineData("$share/g/a/#", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a/b+", false)]
    [InlineData("a/+b", false)]
    [InlineData("a\0", false)]
    [InlineData("$share/g", false)]
    [InlineData("$share//a", false)]
    [InlineData("$share/+/a", false)]
    public void Filters(string filter, bool valid) => MqttTopic.IsFilter(filter).ShouldBe(valid);

    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("$aws/rules/name/a/b", "a/b")]
    [InlineData("$aws/rules/name", "$aws/rules/name")]
    [InlineData("$share/group/a/b", "a/b")]
    [InlineData("$aws/things/T/shadow/name/N/update/accepted", "$aws/things/T/shadow/name/N/update/accepted")]
    public void What_AWS_counts(string topic, string counted) => MqttTopic.Counted(topic).ToString().ShouldBe(counted);

    [Theory]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/#", true)]
    [InlineData("a/+/c", "a/b/+", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a", "a/+", false)]
    [InlineData("#", "$aws/things", false)]
    [InlineData("+/things", "$aws/#", false)]
    [InlineData("$share/g/demo/+/state", "demo/+/state", true)]
    [InlineData("$share/g/demo/+", "$share/h/demo/1", true)]
    public void Overlapping(string filter, string other, bool overlap)
    {
        MqttTopic.Overlap(filter, other).ShouldBe(overlap);
        MqttTopic.Overlap(other, filter).ShouldBe(overlap);
    }

    [Fact]
    public void Two_filters_overlap_when_a_topic_matches_both() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(
                (from one in AnyFilter from other in AnyFilter select (one, other)).ToArbitrary(),
                pair => MqttTopic.Overlap(pair.one, pair.other).ShouldBe(AllTopics.Any(topic => MqttTopic.Matches(pair.one, topic) && MqttTopic.Matches(pair.other, topic)), $"{pair}")));

    private static Gen<string> AnyFilter =>
        from levels in Gen.NonEmptyListOf(Gen.Elements("a", "b", "$x", "+", "")).Where(levels => levels.Count <= 3)
        from tail in Gen.Elements("", "/#")
        let filter = string.Join('/', levels) + tail
        where filter.Length > 0
        select filter;

    // Deep enough for any two of the filters above.
    private static string[] AllTopics { get; } =
    [
        .. from depth in Enumerable.Range(1, 4)
           from topic in Enumerable.Range(0, depth).Aggregate<int, IEnumerable<string[]>>([[]], (all, _) => all.SelectMany(levels => new[] { "a", "b", "$x", "" }.Select(level => (string[])[.. levels, level])))
           let text = string.Join('/', topic)
           where text.Length > 0
           select text,
    ];
}
