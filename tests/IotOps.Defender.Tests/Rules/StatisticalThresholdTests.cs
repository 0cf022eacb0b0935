namespace IotOps.Defender.Tests.Rules;

public sealed class StatisticalThresholdTests
{
    private static string Usual(string statistic) =>
        $$$$"""{"name":"usual","metric":"m","criteria":{"comparisonOperator":"less-than-equals","statisticalThreshold":{"statistic":"{{{{statistic}}}}"}}}""";

    [Fact]
    public void A_datapoint_is_ranked_against_the_devices_own_past()
    {
        var rules = new RulesFixture(Usual("p90"), historyNeeded: 10);
        for (int i = 1; i <= 10; i++)
        {
            rules.ReportNumber("m", i * 10).ShouldBeEmpty("there is no past to judge by yet");
        }

        rules.ReportNumber("m", 90).ShouldBeEmpty("90 is the ninth of ten");
        rules.ReportNumber("m", 101).ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.InAlarm);
        rules.ReportNumber("m", 20).ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.AlarmCleared);
    }

    [Fact]
    public void The_past_is_as_long_as_the_options_say()
    {
        var rules = new RulesFixture(Usual("p100"), historyNeeded: 2);
        rules.Evaluator = new SecurityProfileEvaluator(rules.Options with { HistoryLength = 3 });
        foreach (int value in (int[])[1000, 1, 2, 3])
        {
            rules.ReportNumber("m", value).ShouldBeEmpty();
        }

        rules.ReportNumber("m", 4).ShouldHaveSingleItem("1000 is no longer in the past");
    }

    [Theory]
    [InlineData("p0", 1)]
    [InlineData("p10", 1)]
    [InlineData("p50", 5)]
    [InlineData("p99.9", 10)]
    [InlineData("p100", 10)]
    public void The_percentile_is_the_value_of_nearest_rank(string statistic, double highestNormal)
    {
        foreach ((double value, int events) in ((double, int)[])[(highestNormal, 0), (highestNormal + 0.5, 1)])
        {
            var rules = new RulesFixture(Usual(statistic), historyNeeded: 10);
            for (int i = 1; i <= 10; i++)
            {
                rules.ReportNumber("m", i);
            }

            rules.ReportNumber("m", value).Count.ShouldBe(events);
        }
    }
}
