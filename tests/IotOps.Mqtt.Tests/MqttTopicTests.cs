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
}
