using IotOps.TestKit;

namespace IotOps.Defender.Tests.Rules;

public sealed class AlarmStateTests
{
    private const string Ports =
        """{"name":"ports","metric":"aws:num-listening-tcp-ports","criteria":{"comparisonOperator":"less-than-equals","value":{"count":1},"consecutiveDatapointsToAlarm":3}}""";

    [Fact]
    public void An_alarm_survives_a_restart_and_is_cleared_with_its_own_id()
    {
        using var directory = new TempDirectory();
        var rules = new RulesFixture(Ports, Path.Combine(directory.Path, "alarms", "alarms.json"));
        rules.ReportPorts(1, 2).ShouldBeEmpty();
        rules.ReportPorts(1, 2).ShouldBeEmpty();

        rules.Evaluator = new SecurityProfileEvaluator(rules.Options);
        ViolationEvent alarm = rules.ReportPorts(1, 2).ShouldHaveSingleItem("the count goes on where it was");

        rules.Evaluator = new SecurityProfileEvaluator(rules.Options);
        rules.Evaluator.InAlarm.Count.ShouldBe(1);
        rules.ReportPorts(1, 2).ShouldBeEmpty("it is not raised twice");
        rules.ReportPorts(1).ShouldHaveSingleItem().ViolationId.ShouldBe(alarm.ViolationId);
    }

    [Theory]
    [InlineData("Guard")]
    [InlineData("Another")]
    public void An_alarm_of_a_profile_that_was_replaced_over_the_restart_is_invalidated(string newName)
    {
        using var directory = new TempDirectory();
        var rules = new RulesFixture(Ports, Path.Combine(directory.Path, "alarms.json"));
        for (int i = 0; i < 3; i++)
        {
            rules.ReportPorts(1, 2);
        }

        SecurityProfile other = RulesFixture.Profile(newName == "Guard" ? "" : Ports, newName);
        rules.Evaluator = new SecurityProfileEvaluator(rules.Options with { Profile = other });
        ViolationEvent invalid = rules.ReportPorts(1).ShouldHaveSingleItem();
        invalid.Type.ShouldBe(ViolationEventType.AlarmInvalidated);
        invalid.SecurityProfileName.ShouldBe("Guard");
        rules.ReportPorts(1).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":1,"profile":"Guard","behaviors":[{"behavior":{}}]}""")]
    [InlineData("""{"version":1,"profile":"Guard","behaviors":[1]}""")]
    public void A_damaged_file_is_no_alarm_and_no_error(string content)
    {
        using var directory = new TempDirectory();
        string file = Path.Combine(directory.Path, "alarms.json");
        File.WriteAllText(file, content);
        var rules = new RulesFixture(Ports, file);
        rules.Evaluator.InAlarm.ShouldBeEmpty();
        rules.ReportPorts(1).ShouldBeEmpty();
        File.ReadAllText(file).ShouldContain("\"profile\":\"Guard\"");
    }

    [Fact]
    public void A_disk_that_refuses_stops_no_alarm()
    {
        using var directory = new TempDirectory();
        string blocked = Path.Combine(directory.Path, "file");
        File.WriteAllText(blocked, "");
        var rules = new RulesFixture(Ports, Path.Combine(blocked, "alarms.json"));
        rules.ReportPorts(1, 2);
        rules.ReportPorts(1, 2);
        rules.ReportPorts(1, 2).ShouldHaveSingleItem();
    }
}
