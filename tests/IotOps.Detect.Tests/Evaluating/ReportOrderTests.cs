using IotOps.Defender;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>Reports are judged in the order of their ids, whatever the order they come in.</summary>
public sealed class ReportOrderTests
{
    private static readonly string Twice = EngineFixture.Behavior(
        "Load", "load", "\"comparisonOperator\":\"less-than\",\"value\":{\"number\":50},\"consecutiveDatapointsToAlarm\":2");

    private readonly EngineFixture _fixture = new(Twice);

    [Fact]
    public void The_first_report_waits_a_minute_for_one_before_it()
    {
        long id = _fixture.Now.ToUnixTimeSeconds();
        _fixture.Take(EngineFixture.NumberOf(id, 60)).DueAt.ShouldBe(EngineFixture.Begin.AddMinutes(1));
        _fixture.Now = EngineFixture.Begin.AddSeconds(20);
        _fixture.Take(EngineFixture.NumberOf(id - 300, 60)).Alarms.ShouldBeEmpty();
        _fixture.RunUntil(EngineFixture.Begin.AddMinutes(1)).Alarms.ShouldBe(["in-alarm Load"]);
        _fixture.LastAlarm.GetProperty("why").GetProperty("reportId").GetInt64().ShouldBe(id);
        _fixture.DueAt.ShouldBeNull();
    }

    [Fact]
    public void A_report_that_follows_at_the_usual_interval_is_judged_at_once()
    {
        Usual(60);
        _fixture.Now += TimeSpan.FromSeconds(330);
        _fixture.Take(Number(60)).DueAt.ShouldBeNull();
        _fixture.Alarms.ShouldBe(["in-alarm Load"]);
    }

    [Fact]
    public void A_report_behind_a_gap_waits_and_the_one_before_it_is_judged_first()
    {
        Usual(60);
        _fixture.Now += TimeSpan.FromSeconds(600);
        DetectEvent before = EngineFixture.NumberOf(_fixture.Now.ToUnixTimeSeconds() - 300, 10);
        _fixture.Take(Number(60)).DueAt.ShouldBe(_fixture.Now.AddMinutes(1));
        _fixture.Take(before).DueAt.ShouldBeNull();
        _fixture.Alarms.ShouldBeEmpty("60, 10, 60 are no two violations in a row");
    }

    [Fact]
    public void A_report_whose_predecessor_does_not_come_is_judged_without_it()
    {
        Usual(60);
        _fixture.Now += TimeSpan.FromSeconds(600);
        DateTimeOffset arrival = _fixture.Now;
        _fixture.Take(Number(60)).Alarms.ShouldBeEmpty();
        _fixture.RunUntil(arrival.AddMinutes(1)).Alarms.ShouldBe(["in-alarm Load"]);
        _fixture.LastAlarm.GetProperty("violationEventTime").GetInt64().ShouldBe(arrival.ToUnixTimeMilliseconds());
        _fixture.Take(EngineFixture.NumberOf(arrival.ToUnixTimeSeconds() - 300, 10));
        _fixture.Late.ShouldBe(1);
        _fixture.Duplicates.ShouldBe(0);
    }

    [Fact]
    public void A_report_that_comes_again_is_a_duplicate()
    {
        Usual(60);
        DetectEvent last = Number(60);
        _fixture.Take(last);
        _fixture.Duplicates.ShouldBe(1);
        _fixture.Take(EngineFixture.NumberOf(_fixture.Now.ToUnixTimeSeconds() - 600, 10));
        _fixture.Duplicates.ShouldBe(2, "it was judged twice ago");
        _fixture.Now += TimeSpan.FromSeconds(600);
        DetectEvent waiting = Number(60);
        _fixture.Take(waiting, waiting);
        _fixture.Duplicates.ShouldBe(3);
        _fixture.Late.ShouldBe(0);
    }

    [Fact]
    public void A_device_whose_ids_begin_again_is_watched_again_after_an_hour()
    {
        Usual(60);
        _fixture.Now += TimeSpan.FromSeconds(300);
        _fixture.Take(EngineFixture.ReportOf(4_000_000_000, report => report.SetCustomMetric("load", CustomMetricValue.Number(10)), _fixture.Now));
        _fixture.RunUntil(_fixture.Now.AddMinutes(2));
        _fixture.Now += TimeSpan.FromMinutes(30);
        _fixture.Take(Number(60));
        _fixture.Late.ShouldBe(1);
        _fixture.Now += TimeSpan.FromMinutes(30);
        _fixture.Number(60).Number(60).Alarms.ShouldBe(["in-alarm Load"]);
    }

    [Fact]
    public void Reports_that_wait_are_bounded()
    {
        DetectEvent[] flood = [.. Enumerable.Range(1, 400).Select(i => EngineFixture.ReportOf(
            i * 1_000_000L,
            report =>
            {
                for (int k = 0; k < 1000; k++)
                {
                    report.TcpConnections.Add(new EstablishedConnection(InternetAddress.FromBytes([10, (byte)i, (byte)(k >> 8), (byte)k]), 443));
                }
            },
            EngineFixture.Begin))];
        var fixture = new EngineFixture(EngineFixture.Behavior("Peers", "aws:destination-ip-addresses", "\"comparisonOperator\":\"in-cidr-set\",\"value\":{\"cidrs\":[\"10.0.0.0/8\"]}"));
        fixture.Take(flood);
        fixture.Record!.State.Length.ShouldBeLessThan(128 * 1024);
        fixture.Late.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_and_any_repetition_within_a_minute_gives_the_same_alarms(int seed)
    {
        var random = new Random(seed);
        int overtaken = 0;
        for (int run = 0; run < 60; run++)
        {
            List<(double Offset, DetectEvent Event)> deliveries = [];
            List<(double Offset, DetectEvent Event)> group = [];
            var orderly = new EngineFixture(Twice);
            double at = 0;
            for (int i = random.Next(1, 24); i > 0; i--)
            {
                at += random.Next(300, 331);
                DateTimeOffset time = EngineFixture.Begin.AddSeconds(at);
                ReportEvent report = EngineFixture.NumberOf(time.ToUnixTimeSeconds(), random.Next(100));
                orderly.RunUntil(time).Take(report);

                // Up to three reports come together, in any order, within 40 s; some of them come again much later.
                group.Add((0, report));
                if (group.Count == 3 || random.Next(2) == 0 || i == 1)
                {
                    List<(double Offset, DetectEvent Event)> arrivals = [.. group.Select(one => (at + (random.NextDouble() * 40), one.Event))];
                    overtaken += arrivals.Zip(arrivals.Skip(1)).Count(pair => pair.First.Item1 > pair.Second.Item1);
                    deliveries.AddRange(arrivals);
                    deliveries.AddRange(arrivals.Where(_ => random.Next(3) == 0).Select(one => (one.Item1 + (random.NextDouble() * 900), one.Item2)));
                    group.Clear();
                }
            }

            orderly.RunUntil(EngineFixture.Begin.AddSeconds(at + 1000));
            var shuffled = new EngineFixture(Twice);
            foreach ((double offset, DetectEvent report) in deliveries.OrderBy(one => one.Offset))
            {
                shuffled.RunUntil(EngineFixture.Begin.AddSeconds(offset)).Take(report);
            }

            shuffled.RunUntil(EngineFixture.Begin.AddSeconds(at + 1000));
            shuffled.AlarmIds.ShouldBe(orderly.AlarmIds);
            shuffled.Late.ShouldBe(0);
        }

        overtaken.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_batch_in_any_order_gives_the_same_alarms(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 100; run++)
        {
            DetectEvent[] reports = [.. Enumerable.Range(1, 12).Select(i => EngineFixture.NumberOf(EngineFixture.Begin.ToUnixTimeSeconds() + (i * 300), random.Next(100)))];
            var orderly = new EngineFixture(Twice);
            foreach (DetectEvent report in reports)
            {
                orderly.Take(report);
            }

            orderly.RunUntil(EngineFixture.Begin.AddMinutes(5));
            var shuffled = new EngineFixture(Twice);
            DetectEvent[] twice = [.. reports, .. reports];
            random.Shuffle(twice);
            shuffled.Take(twice).RunUntil(EngineFixture.Begin.AddMinutes(5));
            shuffled.AlarmIds.ShouldBe(orderly.AlarmIds);
        }
    }

    private void Usual(double last) => _fixture.Number(10).Number(10).Number(10).Number(last);

    private ReportEvent Number(double value) => EngineFixture.NumberOf(_fixture.Now.ToUnixTimeSeconds(), value);
}
