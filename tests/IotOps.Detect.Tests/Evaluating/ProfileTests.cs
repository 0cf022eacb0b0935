namespace IotOps.Detect.Tests.Evaluating;

/// <summary>Profiles as AWS prints them, what they are attached to, and what is refused by name.</summary>
public sealed class ProfileTests
{
    private const string Load = "\"comparisonOperator\":\"less-than\",\"value\":{\"number\":50}";

    [Fact]
    public void A_profile_is_read_as_describe_security_profile_prints_it()
    {
        DetectProfile profile = DetectProfile.Parse(
            """
            {
              "securityProfileName": "Gateways", "securityProfileArn": "arn:aws:iot:eu-west-1:123456789012:securityprofile/Gateways",
              "securityProfileDescription": "what gateways do",
              "behaviors": [
                { "name": "Auth", "metric": "aws:num-authorization-failures",
                  "criteria": { "comparisonOperator": "less-than", "value": { "count": 10 }, "durationSeconds": 300, "consecutiveDatapointsToAlarm": 1, "consecutiveDatapointsToClear": 1 },
                  "suppressAlerts": false, "exportMetric": false },
                { "name": "Out", "metric": "aws:all-bytes-out",
                  "criteria": { "comparisonOperator": "less-than-equals", "statisticalThreshold": { "statistic": "p99.9" }, "durationSeconds": 900 } }
              ],
              "alertTargets": { "SNS": { "alertTargetArn": "arn:aws:sns:eu-west-1:123456789012:Alarms", "roleArn": "arn:aws:iam::123456789012:role/Alarms" } },
              "additionalMetricsToRetain": [ "aws:all-bytes-in" ],
              "additionalMetricsToRetainV2": [ { "metric": "aws:num-messages-sent", "exportMetric": false }, { "metric": "aws:all-bytes-in" } ],
              "version": 3, "creationDate": "2026-11-01T10:00:00+00:00", "lastModifiedDate": 1700000000.123
            }
            """u8.ToArray());
        profile.Name.ShouldBe("Gateways");
        profile.Behaviors.Select(behavior => behavior.Name).ShouldBe(["Auth", "Out"]);
        profile.Behaviors[1].Criteria.Statistic.ShouldBe("p99.9");
        profile.RetainedMetrics.ShouldBe(["aws:all-bytes-in", "aws:num-messages-sent"]);
        profile.Targets.ShouldBe([DetectTarget.RegisteredThings]);
    }

    [Theory]
    [InlineData("""{"name":"B","metric":"load","criteria":{"mlDetectionConfig":{"confidenceLevel":"HIGH"}}}""", "behaviors[0].criteria.mlDetectionConfig: AWS's learnt models are part of its service")]
    [InlineData("""{"name":"B","metric":"aws:num-messages-sent","metricDimension":{"dimensionName":"D"},"criteria":{}}""", "metricDimension: dimensions narrow metrics to topics")]
    [InlineData("""{"name":"B","metric":"aws:nothing","criteria":{"comparisonOperator":"less-than","value":{"count":1}}}""", "aws:nothing is not known; known are aws:all-bytes-in")]
    [InlineData("""{"name":"B","metric":"aws:source-ip-address","criteria":{"comparisonOperator":"less-than","value":{"count":1}}}""", "comparisonOperator is in-cidr-set or not-in-cidr-set here")]
    [InlineData("""{"name":"B","metric":"aws:disconnect-duration","criteria":{"comparisonOperator":"greater-than","value":{"count":1}}}""", "comparisonOperator is less-than or less-than-equals here")]
    [InlineData("""{"name":"B","metric":"aws:disconnect-duration","criteria":{"comparisonOperator":"less-than","statisticalThreshold":{"statistic":"p90"}}}""", "it is a time that passes")]
    [InlineData("""{"name":"B","metric":"aws:num-disconnects","criteria":{"comparisonOperator":"less-than","value":{"count":1},"durationSeconds":400}}""", "durationSeconds is 300, 600, 900, 1800 or 3600")]
    [InlineData("""{"name":"B","metric":"aws:num-disconnects","criteria":{"comparisonOperator":"less-than","statisticalThreshold":{"statistic":"Average"}}}""", "p0 to p100")]
    public void A_behavior_that_cannot_be_evaluated_is_refused_by_name(string behavior, string why) =>
        Should.Throw<FormatException>(() => EngineFixture.Profile(behavior)).Message.ShouldContain(why);

    [Theory]
    [InlineData("aws:num-messages-sent", DetectSources.Reports | DetectSources.Lifecycle, "needs the second rule (DetectRules.MessagesSql)")]
    [InlineData("aws:message-byte-size", DetectSources.Reports | DetectSources.ReceivedMessages, "needs the second rule (DetectRules.MessagesSql)")]
    [InlineData("aws:num-messages-received", DetectSources.Messages, "needs the second rule (DetectRules.ReceivedMessagesSql)")]
    [InlineData("aws:num-disconnects", DetectSources.Reports | DetectSources.Logs, "needs lifecycle events")]
    [InlineData("aws:num-authorization-failures", DetectSources.Reports, "needs lifecycle events (DetectRules.LifecycleSql) or entries of the AWS IoT logs")]
    [InlineData("load", DetectSources.Lifecycle, "needs reports of devices")]
    public void A_behavior_whose_source_is_not_declared_is_refused_by_name(string metric, DetectSources sources, string why)
    {
        string message = Should.Throw<ArgumentException>(() => new EngineFixture(EngineFixture.Behavior("B", metric, Load.Replace("number", "count", StringComparison.Ordinal)), sources)).Message;
        message.ShouldContain($"Security profile 'Guard', behavior 'B' ({metric}): it ");
        message.ShouldContain(why);
    }

    [Fact]
    public void Options_and_names_are_checked()
    {
        DetectProfile profile = EngineFixture.Profile(EngineFixture.Behavior("B", "load", Load));
        var good = new DetectEngineOptions { Profiles = [profile] };
        Refusal(good with { Profiles = [profile, profile] }).ShouldContain("two security profiles 'Guard'");
        Refusal(good with { Profiles = [profile with { Behaviors = [profile.Behaviors[0], profile.Behaviors[0]] }] }).ShouldContain("two behaviors with the name 'B'");
        Refusal(good with { Profiles = [profile with { Name = "a b" }] }).ShouldContain("not 'a b'");
        Refusal(good with { Profiles = [.. Enumerable.Repeat(profile, 129)] }).ShouldContain("128");
        Refusal(good with { Patience = TimeSpan.Zero }).ShouldContain("Patience");
        Refusal(good with { StatisticsDays = 15 }).ShouldContain("StatisticsDays");
        Refusal(good with { StatisticsNeeded = 0 }).ShouldContain("StatisticsNeeded");
    }

    [Fact]
    public void Targets_are_read_as_AWS_lists_them()
    {
        DetectTarget.ParseList(
            """
            {"securityProfileTargets":[{"arn":"arn:aws:iot:eu-west-1:123456789012:thinggroup/Gateways"},{"arn":"arn:aws-cn:iot:cn-north-1:123456789012:all/unregistered-things"}]}
            """u8.ToArray()).ShouldBe([DetectTarget.Group("Gateways"), DetectTarget.UnregisteredThings]);
        DetectTarget.Parse("arn:aws:iot:eu-west-1:1:thing/T:1").ShouldBe(DetectTarget.Thing("T:1"));
        Should.Throw<FormatException>(() => DetectTarget.Parse("arn:aws:iot:eu-west-1:1:thinggroup/a b")).Message.ShouldContain("is not a target");
        Should.Throw<FormatException>(() => DetectTarget.Parse("arn:aws:sns:eu-west-1:1:all/things"));
        Should.Throw<FormatException>(() => DetectTarget.ParseList("[]"u8.ToArray()));
        Should.Throw<ArgumentException>(() => DetectTarget.Group(""));
    }

    [Theory]
    [InlineData("all/registered-things", "REGISTERED", true)]
    [InlineData("all/registered-things", "STRANGER", false)]
    [InlineData("all/unregistered-things", "STRANGER", true)]
    [InlineData("all/unregistered-things", "REGISTERED", false)]
    [InlineData("all/things", "STRANGER", true)]
    [InlineData("all/things", "REGISTERED", true)]
    [InlineData("thinggroup/Gateways", "REGISTERED", true)]
    [InlineData("thinggroup/Hot", "REGISTERED", true)]
    [InlineData("thinggroup/Cold", "REGISTERED", false)]
    [InlineData("thing/REGISTERED", "REGISTERED", true)]
    [InlineData("thing/OTHER", "REGISTERED", false)]
    [InlineData("thinggroup/Cold thing/REGISTERED", "REGISTERED", true)]
    public void A_profile_holds_for_what_it_is_attached_to(string targets, string thing, bool holds)
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("B", "load", Load), membership: new Membership(), targets: targets) { Thing = thing };
        fixture.Number(60).Alarms.Count.ShouldBe(holds ? 1 : 0);
    }

    [Fact]
    public void A_thing_that_leaves_a_group_has_its_alarm_invalidated()
    {
        var membership = new Membership();
        var fixture = new EngineFixture(EngineFixture.Behavior("B", "load", Load), membership: membership, targets: "thinggroup/Hot") { Thing = "REGISTERED" };
        fixture.Number(60);
        membership.Groups = ["Gateways"];
        fixture.Take().Alarms.ShouldBe(["in-alarm B", "alarm-invalidated B"]);
    }

    [Fact]
    public void Several_profiles_hold_for_one_thing()
    {
        var fixture = new EngineFixture(new DetectEngineOptions
        {
            Profiles =
            [
                EngineFixture.Profile(EngineFixture.Behavior("A", "load", Load), name: "One"),
                EngineFixture.Profile(EngineFixture.Behavior("B", "load", Load), name: "Two"),
                EngineFixture.Profile(EngineFixture.Behavior("C", "load", Load), "thinggroup/Elsewhere", "Three"),
            ],
        });
        fixture.Number(60).Alarms.ShouldBe(["in-alarm A", "in-alarm B"]);
        fixture.AlarmIds.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    private static string Refusal(DetectEngineOptions options) => Should.Throw<ArgumentException>(() => new DetectEngine(options)).Message;

    private sealed class Membership : IFleetMembership
    {
        public IReadOnlyCollection<string> Groups { get; set; } = ["Gateways", "Hot"];

        public IReadOnlyCollection<string>? GroupsOf(string thing) => thing == "REGISTERED" ? Groups : null;
    }
}
