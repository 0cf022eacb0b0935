namespace IotOps.Detect.Tests.Messages;

/// <summary>The rules' SQL, verbatim: deploy and docs name it.</summary>
public sealed class RuleSqlTests
{
    [Theory]
    [InlineData("fleet/{thing}/defender", "topic(2)", "fleet/+/defender")]
    [InlineData("{thing}/reports", "topic(1)", "+/reports")]
    [InlineData("$aws/rules/Reports/defender/{thing}", "topic(2)", "defender/+")]
    public void The_thing_of_a_report_is_a_level_of_its_topic(string topic, string level, string filter) =>
        DetectRules.ReportSql(topic).ShouldBe($"SELECT encode(*, 'base64') AS report, {level} AS thing, timestamp() AS time FROM '{filter}'");

    [Fact]
    public void The_second_rule_forwards_client_time_and_length() =>
        DetectRules.MessagesSql("#").ShouldBe(
            "SELECT clientid() AS sender, timestamp() AS time, length(encode(*, 'base64')) AS base64, indexof(encode(*, 'base64'), '=') AS padding, traceid() AS id FROM '#'");

    [Fact]
    public void Received_messages_count_for_the_thing_in_their_topic() =>
        DetectRules.ReceivedMessagesSql("commands/{thing}/#").ShouldBe(
            "SELECT topic(2) AS receiver, timestamp() AS time, length(encode(*, 'base64')) AS base64, indexof(encode(*, 'base64'), '=') AS padding, traceid() AS id FROM 'commands/+/#'");

    [Theory]
    [InlineData("fleet/defender")]
    [InlineData("fleet/x{thing}/defender")]
    [InlineData("{thing}/{thing}")]
    [InlineData("fleet/+/{thing}")]
    [InlineData("fleet/{thing}/#")]
    [InlineData("fleet/it's/{thing}")]
    [InlineData("$aws/rules/Reports")]
    public void A_topic_without_one_level_for_the_thing_is_refused(string topic) =>
        Should.Throw<ArgumentException>(() => DetectRules.ReportSql(topic)).Message.ShouldContain(topic);

    [Fact]
    public void A_topic_of_nine_levels_is_refused() =>
        Should.Throw<ArgumentException>(() => DetectRules.ReportSql("1/2/3/4/5/6/7/8/{thing}")).Message.ShouldContain("8 levels");

    [Fact]
    public void The_first_three_levels_of_Basic_Ingest_do_not_count() =>
        DetectRules.ReportSql("$aws/rules/R/1/2/3/4/5/6/7/{thing}").ShouldContain("FROM '1/2/3/4/5/6/7/+'");

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a+/b")]
    [InlineData("it's")]
    [InlineData("1/2/3/4/5/6/7/8/9")]
    public void A_malformed_topic_filter_is_refused(string filter) =>
        Should.Throw<ArgumentException>(() => DetectRules.MessagesSql(filter)).Message.ShouldContain(filter);
}
