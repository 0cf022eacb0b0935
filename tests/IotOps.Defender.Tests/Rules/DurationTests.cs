namespace IotOps.Defender.Tests.Rules;

public sealed class DurationTests
{
    private static string Outbound(int seconds) =>
        $$$$"""{"name":"out","metric":"aws:all-bytes-out","criteria":{"comparisonOperator":"less-than-equals","value":{"count":1000},"durationSeconds":{{{{seconds}}}}}}""";

    [Fact]
    public void Bytes_add_up_over_the_duration()
    {
        var rules = new RulesFixture(Outbound(900));
        rules.ReportBytesOut(5000).ShouldBeEmpty("what the first report counts came before the window");
        rules.ReportBytesOut(400).ShouldBeEmpty();
        rules.ReportBytesOut(400).ShouldBeEmpty();
        ViolationEvent alarm = rules.ReportBytesOut(400).ShouldHaveSingleItem();
        alarm.MetricValue.ShouldNotBeNull().Count.ShouldBe(1200);

        rules.ReportBytesOut(900).ShouldBeEmpty("the next window is another datapoint");
        rules.ReportBytesOut(50).ShouldBeEmpty();
        rules.ReportBytesOut(50).ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.AlarmCleared);
    }

    [Fact]
    public void Jitter_does_not_make_two_reports_one_datapoint()
    {
        var rules = new RulesFixture(Outbound(300));
        rules.ReportBytesOut(1);
        rules.ReportBytesOut(600, seconds: 290).ShouldBeEmpty();
        rules.ReportBytesOut(600, seconds: 310).ShouldBeEmpty();
        rules.ReportBytesOut(1001, seconds: 295).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_report_that_was_lost_shortens_nothing()
    {
        var rules = new RulesFixture(Outbound(600));
        rules.ReportBytesOut(1);
        rules.ReportBytesOut(1001, seconds: 600).ShouldHaveSingleItem("one report for two intervals closes the window of both");
    }

    [Fact]
    public void Of_anything_but_traffic_the_last_measurement_of_the_window_counts()
    {
        var rules = new RulesFixture("""{"name":"n","metric":"temp","criteria":{"comparisonOperator":"less-than","value":{"number":50},"durationSeconds":600}}""");
        rules.ReportNumber("temp", 99);
        rules.ReportNumber("temp", 99).ShouldBeEmpty();
        rules.ReportNumber("temp", 40).ShouldBeEmpty();
        rules.ReportNumber("temp", 10).ShouldBeEmpty();
        rules.ReportNumber("temp", 60).ShouldHaveSingleItem().MetricValue.ShouldNotBeNull().Number.ShouldBe(60);
    }
}
