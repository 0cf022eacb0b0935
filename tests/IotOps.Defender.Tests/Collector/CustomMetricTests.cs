namespace IotOps.Defender.Tests.Collector;

public sealed class CustomMetricTests : IDisposable
{
    private readonly FakeProc _proc = new();
    private readonly CollectorLog _log = new();
    private readonly MetricsCollector _collector;

    public CustomMetricTests() => _collector = new MetricsCollector(_proc.Options with { LoggerFactory = _log });

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void All_four_types_are_reported()
    {
        _collector.RegisterMetric("battery", static () => 87.5);
        _collector.RegisterMetric("cells", static () => new[] { 3.7, 3.8 });
        _collector.RegisterMetric("modules", static () => new List<string> { "gps", "lte" });
        _collector.RegisterMetric("peers", static () => [InternetAddress.Parse("10.0.0.1"), InternetAddress.Parse("2001:db8::1")]);

        IReadOnlyDictionary<string, CustomMetricValue> metrics = _collector.Collect().CustomMetrics;

        metrics.Count.ShouldBe(4);
        (metrics["battery"].Type, metrics["battery"].Numbers[0]).ShouldBe((CustomMetricType.Number, 87.5));
        (metrics["cells"].Type, metrics["cells"].Numbers.Count).ShouldBe((CustomMetricType.NumberList, 2));
        metrics["modules"].Strings.ShouldBe(["gps", "lte"]);
        metrics["peers"].Addresses.Select(static address => address.ToString()).ShouldBe(["10.0.0.1", "2001:db8::1"]);
    }

    [Fact]
    public void A_function_that_throws_costs_its_own_metric_and_is_told_once_by_name()
    {
        bool fails = true;
        _collector.RegisterMetric("bad", () => fails ? throw new InvalidOperationException("password=hunter2") : 1);
        _collector.RegisterMetric("good", static () => 2);

        _collector.Collect().CustomMetrics.Keys.ShouldBe(["good"]);
        _collector.Collect();
        string line = _log.Lines.ShouldHaveSingleItem();
        line.ShouldContain("bad");
        line.ShouldContain("InvalidOperationException");
        line.ShouldNotContain("hunter2");

        fails = false;
        _collector.Collect().CustomMetrics.Keys.ShouldBe(["bad", "good"]);
        _log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void A_list_that_fails_while_it_is_walked_costs_its_own_metric()
    {
        _collector.RegisterMetric("bad", static () => Enumerable.Range(0, 3).Select(static i => 1.0 / (i == 2 ? throw new IOException("sensor") : 1)));
        _collector.Collect().CustomMetrics.ShouldBeEmpty();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("IOException");
    }

    [Fact]
    public void Null_leaves_the_metric_out()
    {
        _collector.RegisterMetric("number", static () => (double?)null);
        _collector.RegisterMetric("list", static () => (IEnumerable<string>?)null);
        _collector.Collect().CustomMetrics.ShouldBeEmpty();
        _log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void A_function_may_register_another_metric()
    {
        bool once = false;
        _collector.RegisterMetric("first", () =>
        {
            if (!once)
            {
                once = true;
                _collector.RegisterMetric("second", static () => 2);
            }

            return 1;
        });
        _collector.Collect().CustomMetrics.Keys.ShouldBe(["first"]);
        _collector.Collect().CustomMetrics.Keys.ShouldBe(["first", "second"]);
    }

    [Theory]
    [InlineData("", "has 0")]
    [InlineData("a b", "'a b'")]
    [InlineData("größe", "'größe'")]
    [InlineData("a.b", "'a.b'")]
    [InlineData("aws:cpu", "'aws:'")]
    [InlineData("twice", "already")]
    [InlineData("cpu_usage", "already")]
    public void A_name_is_checked_when_it_is_registered(string name, string why)
    {
        var collector = new MetricsCollector(_proc.Options with { BuiltIn = [BuiltInMetrics.CpuUsage] });
        collector.RegisterMetric("twice", static () => 1);
        Should.Throw<ArgumentException>(() => collector.RegisterMetric(name, static () => 1)).Message.ShouldContain(why);
    }

    [Fact]
    public void A_name_has_at_most_128_characters()
    {
        _collector.RegisterMetric(new string('a', 128), static () => 1);
        Should.Throw<ArgumentException>(() => _collector.RegisterMetric(new string('a', 129), static () => 1)).Message.ShouldContain("has 129");
    }

    [Fact]
    public void The_sample_has_the_time_of_the_collectors_clock()
    {
        var clock = new IotOps.TestKit.ManualTimeProvider();
        new MetricsCollector(_proc.Options with { TimeProvider = clock }).Collect(new DefenderReportBuilder()).Time.ShouldBe(clock.GetUtcNow());
    }
}
