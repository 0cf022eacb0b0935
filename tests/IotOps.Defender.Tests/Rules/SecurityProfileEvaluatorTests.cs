using System.Buffers;
using System.Text;

namespace IotOps.Defender.Tests.Rules;

public sealed class SecurityProfileEvaluatorTests
{
    private const string Busy =
        """{"name":"great-than-75","metric":"cpu_usage","criteria":{"comparisonOperator":"greater-than","value":{"count":75},"consecutiveDatapointsToAlarm":5,"consecutiveDatapointsToClear":1},"alarmWhen":"criteria-met"}""";

    private const string FewPorts =
        """{"name":"ports","metric":"aws:num-listening-tcp-ports","criteria":{"comparisonOperator":"less-than-equals","value":{"count":1}}}""";

    [Fact]
    public void Criteria_describe_what_is_normal_as_in_aws()
    {
        var rules = new RulesFixture(FewPorts);
        rules.ReportPorts(22).ShouldBeEmpty();
        ViolationEvent alarm = rules.ReportPorts(22, 23).ShouldHaveSingleItem();
        alarm.Type.ShouldBe(ViolationEventType.InAlarm);
        alarm.MetricValue.ShouldNotBeNull().Count.ShouldBe(2);
        rules.Evaluator.InAlarm.ShouldHaveSingleItem().Name.ShouldBe("ports");
    }

    [Fact]
    public void A_busy_processor_raises_the_alarm_at_the_fifth_datapoint_in_a_row_when_the_criteria_are_the_violation()
    {
        var rules = new RulesFixture(Busy);
        foreach (int cpu in (int[])[90, 90, 90, 90, 40, 76, 76, 76, 76])
        {
            rules.ReportNumber("cpu_usage", cpu).ShouldBeEmpty();
        }

        ViolationEvent alarm = rules.ReportNumber("cpu_usage", 99.5).ShouldHaveSingleItem();
        alarm.Type.ShouldBe(ViolationEventType.InAlarm);
        alarm.MetricValue.ShouldNotBeNull().Number.ShouldBe(99.5);

        rules.ReportNumber("cpu_usage", 99).ShouldBeEmpty("an alarm is raised once");
        ViolationEvent cleared = rules.ReportNumber("cpu_usage", 75).ShouldHaveSingleItem();
        cleared.Type.ShouldBe(ViolationEventType.AlarmCleared);
        cleared.ViolationId.ShouldBe(alarm.ViolationId);
        rules.Evaluator.InAlarm.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_behavior_without_the_devices_own_word_alarms_as_aws_does_below_its_value()
    {
        var rules = new RulesFixture(Busy.Replace(""","alarmWhen":"criteria-met"}""", "}", StringComparison.Ordinal));
        for (int i = 0; i < 4; i++)
        {
            rules.ReportNumber("cpu_usage", 3).ShouldBeEmpty();
        }

        rules.ReportNumber("cpu_usage", 3).ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.InAlarm);
    }

    [Fact]
    public void Clearing_takes_as_many_normal_datapoints_in_a_row_as_asked()
    {
        var rules = new RulesFixture(FewPorts.Replace("}}}", "},\"consecutiveDatapointsToClear\":3}}", StringComparison.Ordinal));
        string id = rules.ReportPorts(1, 2).ShouldHaveSingleItem().ViolationId;
        rules.ReportPorts(1).ShouldBeEmpty();
        rules.ReportPorts(1).ShouldBeEmpty();
        rules.ReportPorts(1, 2).ShouldBeEmpty("a violation begins the count anew");
        rules.ReportPorts(1).ShouldBeEmpty();
        rules.ReportPorts(1).ShouldBeEmpty();
        ViolationEvent cleared = rules.ReportPorts(1).ShouldHaveSingleItem();
        cleared.Type.ShouldBe(ViolationEventType.AlarmCleared);
        cleared.ViolationId.ShouldBe(id);
    }

    [Fact]
    public void A_metric_that_a_report_leaves_out_is_no_datapoint()
    {
        var rules = new RulesFixture(FewPorts);
        rules.ReportPorts(1, 2).ShouldHaveSingleItem();
        rules.Report(_ => { }).ShouldBeEmpty();
        rules.Evaluator.InAlarm.Count.ShouldBe(1);
        rules.ReportPorts().ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.AlarmCleared, "an empty list clears");
    }

    [Fact]
    public void A_value_of_another_kind_is_no_datapoint_either()
    {
        var rules = new RulesFixture(Busy);
        for (int i = 0; i < 9; i++)
        {
            rules.Report(b => b.SetCustomMetric("cpu_usage", CustomMetricValue.StringList(["hot"]))).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("less-than", 9, true)]
    [InlineData("less-than", 10, false)]
    [InlineData("less-than-equals", 10, true)]
    [InlineData("less-than-equals", 11, false)]
    [InlineData("greater-than", 11, true)]
    [InlineData("greater-than", 10, false)]
    [InlineData("greater-than-equals", 10, true)]
    [InlineData("greater-than-equals", 9, false)]
    public void Numbers_compare_as_the_operator_says(string comparison, double measured, bool normal)
    {
        var rules = new RulesFixture($$$$"""{"name":"n","metric":"m","criteria":{"comparisonOperator":"{{{{comparison}}}}","value":{"number":10}}}""");
        rules.ReportNumber("m", measured).Count.ShouldBe(normal ? 0 : 1);
    }

    [Theory]
    [InlineData("in-port-set", new[] { 22, 443 }, true)]
    [InlineData("in-port-set", new[] { 22, 80 }, false)]
    [InlineData("in-port-set", new int[0], true)]
    [InlineData("not-in-port-set", new[] { 80, 8080 }, true)]
    [InlineData("not-in-port-set", new[] { 80, 443 }, false)]
    public void Ports_are_held_against_the_set(string comparison, int[] ports, bool normal)
    {
        var rules = new RulesFixture(
            $$$$"""{"name":"n","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"{{{{comparison}}}}","value":{"ports":[22,443]}}}""");
        IReadOnlyList<ViolationEvent> events = rules.ReportPorts(ports);
        events.Count.ShouldBe(normal ? 0 : 1);
        if (!normal)
        {
            events[0].MetricValue.ShouldNotBeNull().Ports.ShouldBe(ports);
        }
    }

    [Theory]
    [InlineData("in-cidr-set", "10.1.2.3", true)]
    [InlineData("in-cidr-set", "11.1.2.3", false)]
    [InlineData("in-cidr-set", "192.0.2.7", true)]
    [InlineData("in-cidr-set", "192.0.2.8", false)]
    [InlineData("in-cidr-set", "2001:db8:ffff::1", true)]
    [InlineData("in-cidr-set", "2001:db9::1", false)]
    [InlineData("not-in-cidr-set", "10.1.2.3", false)]
    [InlineData("not-in-cidr-set", "172.16.0.1", true)]
    public void Peers_are_held_against_the_networks(string comparison, string peer, bool normal)
    {
        var rules = new RulesFixture(
            $$$$"""{"name":"n","metric":"aws:destination-ip-addresses","criteria":{"comparisonOperator":"{{{{comparison}}}}","value":{"cidrs":["10.0.0.0/8","192.0.2.7","2001:db8::/32"]}}}""");
        rules.ReportPeers(peer, peer).Count.ShouldBe(normal ? 0 : 1);
    }

    [Theory]
    [InlineData("in-set", "idle", true)]
    [InlineData("in-set", "rooted", false)]
    [InlineData("not-in-set", "idle", false)]
    [InlineData("not-in-set", "rooted", true)]
    public void Strings_are_held_against_the_set(string comparison, string state, bool normal)
    {
        var rules = new RulesFixture(
            $$$$"""{"name":"n","metric":"states","criteria":{"comparisonOperator":"{{{{comparison}}}}","value":{"strings":["idle","busy"]}}}""");
        rules.Report(b => b.SetCustomMetric("states", CustomMetricValue.StringList([state]))).Count.ShouldBe(normal ? 0 : 1);
    }

    [Fact]
    public void A_suppressed_behavior_keeps_its_alarm_to_itself()
    {
        var rules = new RulesFixture(FewPorts.Replace("}}}", "}},\"suppressAlerts\":true}", StringComparison.Ordinal));
        rules.ReportPorts(1, 2).ShouldBeEmpty();
        rules.Evaluator.InAlarm.Count.ShouldBe(1);
    }

    [Fact]
    public void An_event_is_written_as_detect_writes_it()
    {
        var rules = new RulesFixture(FewPorts);
        ViolationEvent alarm = rules.ReportPorts(22, 23).ShouldHaveSingleItem() with { ViolationId = "37e18651d207bbc74236c13faf146127" };
        var json = new ArrayBufferWriter<byte>();
        alarm.WriteTo(json);
        Encoding.UTF8.GetString(json.WrittenSpan).ShouldBe(
            $$$$"""{"violationEventTime":{{{{rules.Clock.GetUtcNow().ToUnixTimeMilliseconds()}}}},"thingName":"THING00001","behavior":{"name":"ports","metric":"aws:num-listening-tcp-ports","criteria":{"comparisonOperator":"less-than-equals","value":{"count":1},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},"violationEventType":"in-alarm","metricValue":{"count":2},"violationId":"37e18651d207bbc74236c13faf146127","securityProfileName":"Guard"}""");
    }

    [Fact]
    public void An_alarm_whose_behavior_is_gone_or_changed_is_invalidated()
    {
        var rules = new RulesFixture(FewPorts);
        string id = rules.ReportPorts(1, 2).ShouldHaveSingleItem().ViolationId;

        rules.Evaluator.Update(RulesFixture.Profile(FewPorts)).ShouldBeEmpty("the same text is the same behavior");
        rules.Evaluator.InAlarm.Count.ShouldBe(1);

        ViolationEvent invalid = rules.Evaluator.Update(RulesFixture.Profile(FewPorts.Replace("\"count\":1", "\"count\":5", StringComparison.Ordinal))).ShouldHaveSingleItem();
        invalid.Type.ShouldBe(ViolationEventType.AlarmInvalidated);
        invalid.ViolationId.ShouldBe(id);
        invalid.MetricValue.ShouldBeNull();
        rules.Evaluator.InAlarm.ShouldBeEmpty();
    }

    [Fact]
    public void A_profile_that_a_device_cannot_evaluate_changes_nothing()
    {
        var rules = new RulesFixture(FewPorts);
        rules.ReportPorts(1, 2).ShouldHaveSingleItem();
        SecurityProfile twice = rules.Options.Profile with { Behaviors = [rules.Options.Profile.Behaviors[0], rules.Options.Profile.Behaviors[0]] };
        Should.Throw<ArgumentException>(() => rules.Evaluator.Update(twice)).Message.ShouldContain("two behaviors with the name 'ports'");
        rules.Evaluator.InAlarm.Count.ShouldBe(1);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        var rules = new RulesFixture(FewPorts);
        Should.Throw<ArgumentException>(() => new SecurityProfileEvaluator(rules.Options with { ThingName = "" })).Message.ShouldContain("ThingName");
        Should.Throw<ArgumentException>(() => new SecurityProfileEvaluator(rules.Options with { HistoryLength = 1 })).Message.ShouldContain("HistoryLength");
        Should.Throw<ArgumentException>(() => new SecurityProfileEvaluator(rules.Options with { HistoryNeeded = 289 })).Message.ShouldContain("HistoryNeeded");
    }
}
