using System.Globalization;
using System.Text.Json;
using IotOps.Defender;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>Alarms about what devices report.</summary>
public sealed class ReportAlarmTests
{
    private const string Below50 = "\"comparisonOperator\":\"less-than\",\"value\":{\"number\":50}";

    [Fact]
    public void An_alarm_begins_and_ends_with_so_many_datapoints_in_a_row()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50 + ",\"consecutiveDatapointsToAlarm\":2,\"consecutiveDatapointsToClear\":2"));
        fixture.Number(60).Number(40).Number(60).Alarms.ShouldBeEmpty();
        fixture.Number(70).Alarms.ShouldBe(["in-alarm Load"]);
        fixture.Number(80).Number(10).Number(90).Number(10).Alarms.ShouldBe(["in-alarm Load"]);
        fixture.Number(20).Alarms.ShouldBe(["in-alarm Load", "alarm-cleared Load"]);
        fixture.AlarmIds[0].Split(':')[0].ShouldBe(fixture.AlarmIds[1].Split(':')[0]);
    }

    [Fact]
    public void An_alarm_is_Detects_notification_with_its_why()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50));
        fixture.Number(60);
        JsonElement alarm = fixture.LastAlarm;
        alarm.GetProperty("thingName").GetString().ShouldBe("THING00001");
        alarm.GetProperty("securityProfileName").GetString().ShouldBe("Guard");
        alarm.GetProperty("violationEventType").GetString().ShouldBe("in-alarm");
        alarm.GetProperty("metricValue").GetProperty("number").GetDouble().ShouldBe(60);
        alarm.GetProperty("behavior").GetProperty("criteria").GetProperty("comparisonOperator").GetString().ShouldBe("less-than");
        alarm.GetProperty("violationId").GetString()!.Length.ShouldBe(32);
        long report = fixture.Now.ToUnixTimeSeconds();
        alarm.GetProperty("why").GetRawText().ShouldBe($$"""{"value":60,"threshold":50,"datapoints":1,"reportId":{{report.ToString(CultureInfo.InvariantCulture)}}}""");
    }

    [Fact]
    public void An_alarm_about_a_list_names_what_is_wrong_with_it()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Ports", "aws:listening-tcp-ports", "\"comparisonOperator\":\"in-port-set\",\"value\":{\"ports\":[22,443]}"));
        fixture.Report(report =>
        {
            report.ListeningTcpPorts.Add(new ListeningPort(22));
            report.ListeningTcpPorts.Add(new ListeningPort(4444));
        });
        fixture.LastAlarm.GetProperty("metricValue").GetRawText().ShouldBe("""{"ports":[22,4444]}""");
        fixture.LastAlarm.GetProperty("why").GetProperty("value").GetRawText().ShouldBe("[4444]");
    }

    [Theory]
    [InlineData("in-cidr-set", "10.0.0.0/8", "10.1.2.3", false)]
    [InlineData("in-cidr-set", "10.0.0.0/8", "198.51.100.7", true)]
    [InlineData("not-in-cidr-set", "198.51.100.0/24", "198.51.100.7", true)]
    [InlineData("not-in-cidr-set", "2001:db8::/32", "2001:db8::1", true)]
    [InlineData("not-in-cidr-set", "2001:db8::/32", "10.1.2.3", false)]
    public void Destinations_are_held_against_networks(string comparison, string cidr, string address, bool isAlarm)
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Peers", "aws:destination-ip-addresses", $$$"""
            "comparisonOperator":"{{{comparison}}}","value":{"cidrs":["{{{cidr}}}"]}
            """));
        fixture.Report(report => report.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse(address), 8883)));
        fixture.Alarms.Count.ShouldBe(isAlarm ? 1 : 0);
    }

    [Fact]
    public void Bytes_add_up_over_the_duration()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Out", "aws:all-bytes-out", "\"comparisonOperator\":\"less-than\",\"value\":{\"count\":1000},\"durationSeconds\":900"));
        void Send(long bytes) => fixture.Report(report => report.NetworkStats = new NetworkStats(0, bytes, 0, 0));
        Send(5000);
        Send(400);
        Send(400);
        fixture.Alarms.ShouldBeEmpty("the first report is of before the window, which is not over");
        Send(400);
        fixture.Alarms.ShouldBe(["in-alarm Out"]);
        fixture.LastAlarm.GetProperty("metricValue").GetRawText().ShouldBe("""{"count":1200}""");
        fixture.LastAlarm.GetProperty("why").GetProperty("windowSeconds").GetInt32().ShouldBe(900);
    }

    [Fact]
    public void A_metric_that_a_report_leaves_out_changes_nothing()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50 + ",\"consecutiveDatapointsToAlarm\":2"));
        fixture.Number(60);
        fixture.Report(report => report.SetCustomMetric("other", CustomMetricValue.Number(1)));
        fixture.Alarms.ShouldBeEmpty();
        fixture.Number(60).Alarms.ShouldBe(["in-alarm Load"]);
    }

    [Fact]
    public void A_suppressed_alarm_is_kept_but_not_handed_out()
    {
        string suppressed = EngineFixture.Behavior("Load", "load", Below50, ",\"suppressAlerts\":true");
        new EngineFixture(suppressed).Number(60).Number(10).Alarms.ShouldBeEmpty();
    }

    [Fact]
    public void A_profile_that_is_detached_changed_or_deleted_invalidates_its_alarms()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50));
        fixture.Number(60);
        fixture.Engine = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50.Replace("50", "55", StringComparison.Ordinal))).Engine;
        fixture.Take().Alarms.ShouldBe(["in-alarm Load", "alarm-invalidated Load"]);
        fixture.LastAlarm.TryGetProperty("metricValue", out _).ShouldBeFalse();
        fixture.AlarmIds[1].ShouldBe(fixture.AlarmIds[0].Replace("in-alarm", "alarm-invalidated", StringComparison.Ordinal));
        fixture.Take().Alarms.Count.ShouldBe(2);
    }

    [Fact]
    public void A_profile_that_stays_keeps_its_alarm_when_others_come_and_go()
    {
        string load = EngineFixture.Behavior("Load", "load", Below50);
        var fixture = new EngineFixture(load);
        fixture.Number(60);
        fixture.Engine = new EngineFixture(EngineFixture.Behavior("More", "more", Below50) + "," + load).Engine;
        fixture.Number(70).Number(10).Alarms.ShouldBe(["in-alarm Load", "alarm-cleared Load"]);
    }

    [Fact]
    public void The_same_input_gives_the_same_alarm_and_the_same_state()
    {
        var first = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50));
        var second = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50));
        first.Number(60);
        second.Number(60);
        first.AlarmIds.ShouldBe(second.AlarmIds);
        first.Record!.State.ToArray().ShouldBe(second.Record!.State.ToArray());
    }

    [Fact]
    public void An_unchanged_state_is_the_same_bytes()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50));
        fixture.Number(60);
        ReadOnlyMemory<byte> before = fixture.Record!.State;
        fixture.Take();
        fixture.Record.State.ShouldBe(before);
    }

    [Fact]
    public void Of_more_alarms_than_a_change_holds_the_others_come_next()
    {
        string[] behaviors = [.. Enumerable.Range(0, 30).Select(i => EngineFixture.Behavior($"Load{i.ToString(CultureInfo.InvariantCulture)}", "load", Below50))];
        var fixture = new EngineFixture(string.Join(",", behaviors));
        fixture.Number(60).Alarms.Count.ShouldBe(25);
        fixture.Number(60).Alarms.Count.ShouldBe(30);
        fixture.Engine = new EngineFixture(EngineFixture.Behavior("Other", "other", Below50)).Engine;
        fixture.Take().Alarms.Count.ShouldBe(55);
        fixture.DueAt.ShouldBe(fixture.Now);
        fixture.Take().Alarms.Count.ShouldBe(60);
    }

    [Fact]
    public void A_state_of_a_later_version_is_refused()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Load", "load", Below50)) { Record = new DetectRecord("THING00001", 1, new byte[] { 9, 0 }) };
        Should.Throw<InvalidDataException>(() => fixture.Take()).Message.ShouldContain("version 9");
    }
}
