using IotOps.Defender;
using IotOps.Samples.Configuration;
using IotOps.Samples.DeviceAgent;

namespace IotOps.Samples.Tests.DeviceAgent;

public sealed class DefenderConfigTests
{
    private const string Needed = "thing: 'THING00001', services: { cloud: { defender: true } }, mqtt: { endpoint: 'broker' }";

    [Fact]
    public void The_section_is_read_whole()
    {
        DefenderConfig config = Parse(
            $$"""
            { {{Needed}},
              defender: { topic: 'fleet/{thing}/defender', interval: '10m', format: 'cbor', names: 'short', customMetrics: ['cpu_usage', 'disk_usage'], procfs: 'host_proc', process: 1,
                          interfaces: { include: ['eth*'], exclude: [] }, profile: 'guard', alarmTopic: 'fleet/{thing}/alarms',
                          rules: [
                            { name: 'great-than-75', metric: 'cpu_usage', alarmWhen: 'criteria-met',
                              criteria: { comparisonOperator: 'greater-than', value: { count: 75 }, consecutiveDatapointsToAlarm: 5, consecutiveDatapointsToClear: 1 } },
                            { name: 'peers', metric: 'aws:destination-ip-addresses',
                              criteria: { comparisonOperator: 'in-cidr-set', value: { cidrs: ['10.0.0.0/8'] } } },
                          ] } }
            """).Defender.ShouldNotBeNull();

        (config.Interval, config.Format, config.Names).ShouldBe((TimeSpan.FromMinutes(10), DefenderFormat.Cbor, DefenderNames.ShortNames));
        config.CustomMetrics.ShouldBe(["cpu_usage", "disk_usage"]);
        (config.Procfs, config.Process, config.AlarmTopic).ShouldBe(("/etc/agent/host_proc", 1, "fleet/THING00001/alarms"));
        config.Topic.ShouldBe("fleet/{thing}/defender");
        config.IncludeInterfaces.ShouldBe(["eth*"]);
        config.ExcludeInterfaces.ShouldBe([]);
        SecurityProfile rules = config.Rules.ShouldNotBeNull();
        rules.Name.ShouldBe("guard");
        rules.Behaviors.Select(b => (b.Name, b.AlarmWhen)).ShouldBe([("great-than-75", AlarmWhen.CriteriaMet), ("peers", AlarmWhen.CriteriaNotMet)]);
        rules.Behaviors[0].Criteria.ConsecutiveDatapointsToAlarm.ShouldBe(5);
    }

    [Fact]
    public void Without_a_word_it_reports_in_json_every_five_minutes()
    {
        DefenderConfig config = Parse($$"""{ {{Needed}} }""").Defender.ShouldNotBeNull();
        (config.Interval, config.Format, config.Names).ShouldBe((TimeSpan.FromMinutes(5), DefenderFormat.Json, DefenderNames.LongNames));
        (config.Procfs, config.Process, config.ExcludeInterfaces, config.Rules).ShouldBe((null, null, null, null));
    }

    [Fact]
    public void Without_the_service_nothing_is_reported_and_nothing_connects()
    {
        AgentConfig config = Parse("{ defender: { interval: '300s' } }");
        (config.Defender, config.Mqtt).ShouldBe((null, null));
    }

    [Fact]
    public void A_topic_without_the_things_name_is_a_problem_at_its_line() =>
        Should.Throw<ConfigException>(() => Parse($$"""{ {{Needed}}, defender: { topic: 'fleet/defender' } }""")).Message.ShouldContain("one of its levels is {thing}");

    [Fact]
    public void Every_problem_is_told_at_once_by_line()
    {
        ConfigException error = Should.Throw<ConfigException>(() => Parse(
            """
            { services: { cloud: { defender: true } },
              defender: {
                interval: '60s',
                format: 'xml',
                customMetrics: ['cpu'],
                rules: [
                  { name: 'a', metric: 'm', criteria: { comparisonOperator: 'less-than', value: { count: 1 } } },
                  { name: 'b', metric: 'm', criteria: { comparisonOperator: 'lower', value: { count: 1 } } },
                  { name: 'a', metric: 'm', criteria: { comparisonOperator: 'less-than', value: { number: Infinity } } },
                  { name: 'a', metric: 'm', criteria: { comparisonOperator: 'less-than', value: { count: 2 } } },
                ],
              } }
            """));

        error.Message.Split('\n').ShouldBe(
            [
                "agent.json5:1: 'services.cloud.defender' is true, but 'thing' is missing: it is the thing's report",
                "agent.json5:1: 'mqtt.endpoint' is missing: services.cloud.defender is true",
                "agent.json5:3: 'defender.interval' must be at least '300s': AWS throttles reports that come more often",
                "agent.json5:4: 'defender.format' must be one of 'json', 'cbor', not 'xml'",
                "agent.json5:5: 'defender.customMetrics' holds 'cpu', which the agent cannot measure; it can cpu_usage, memory_usage, disk_usage",
                "agent.json5:8: 'defender.rules[1]': behavior.criteria.comparisonOperator is one of less-than, less-than-equals, greater-than, greater-than-equals, in-cidr-set, not-in-cidr-set, in-port-set, not-in-port-set, in-set, not-in-set, not 'lower'.",
                "agent.json5:9: 'defender.rules[2]': behavior.criteria.value.number is a number.",
                "agent.json5:10: 'defender.rules[3]': the name 'a' is there twice",
            ]);
    }

    [Fact]
    public void A_test_may_report_more_often() =>
        Parse($$"""{ {{Needed}}, defender: { interval: '1s', allowShortInterval: true } }""").Defender.ShouldNotBeNull().Interval.ShouldBe(TimeSpan.FromSeconds(1));

    private static AgentConfig Parse(string text) => AgentConfigTests.Parse(text);
}
