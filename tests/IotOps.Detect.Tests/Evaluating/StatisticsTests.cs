using System.Globalization;
using System.Text.Json;
using IotOps.Detect.Evaluating;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>Statistical thresholds over the fleet's completed days, and how alarms say how the rest of the fleet stands.</summary>
public sealed class StatisticsTests : IAsyncDisposable
{
    private static readonly string P90 = EngineFixture.Behavior("High", "load", "\"comparisonOperator\":\"less-than-equals\",\"statisticalThreshold\":{\"statistic\":\"p90\"}");

    private readonly MemoryStore _store = new();

    [Fact]
    public async Task A_threshold_is_the_percentile_of_the_whole_fleet()
    {
        DetectEngine engine = Engine(P90);
        Fleet(engine, things: 100, thing => [thing]);
        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddDays(1));
        EngineFixture fixture = Later(engine);
        fixture.Number(90).Alarms.ShouldBeEmpty();
        fixture.Number(91).Alarms.ShouldBe(["in-alarm High"]);
        fixture.LastAlarm.GetProperty("why").GetProperty("threshold").GetDouble().ShouldBe(90);
        fixture.LastAlarm.GetProperty("why").GetProperty("statistic").GetString().ShouldBe("p90");
        JsonElement neighbours = fixture.LastAlarm.GetProperty("why").GetProperty("neighbours");
        neighbours.GetProperty("things").GetInt32().ShouldBe(100);
        neighbours.GetProperty("inAlarm").GetInt32().ShouldBe(0);
        neighbours.GetProperty("datapoints").GetInt64().ShouldBe(100);
        neighbours.GetProperty("p50").GetDouble().ShouldBe(50);
        neighbours.GetProperty("p100").GetDouble().ShouldBe(100);
    }

    [Fact]
    public void Nothing_is_judged_before_the_fleet_has_said_enough()
    {
        EngineFixture fixture = Later(Engine(P90));
        fixture.Number(1_000_000).Number(1).Alarms.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_day_that_is_under_way_does_not_count()
    {
        DetectEngine engine = Engine(P90);
        Fleet(engine, things: 100, thing => [thing]);
        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddHours(5));
        var fixture = new EngineFixture(Options(P90)) { Engine = engine, Now = EngineFixture.Begin.AddHours(5) };
        fixture.Number(1_000_000).Alarms.ShouldBeEmpty();
    }

    [Fact]
    public async Task Days_beyond_the_trailing_ones_do_not_count()
    {
        DetectEngine engine = Engine(P90);
        Fleet(engine, things: 100, thing => [thing]);
        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddDays(8));
        var fixture = new EngineFixture(Options(P90)) { Engine = engine, Now = EngineFixture.Begin.AddDays(8) };
        fixture.Number(1_000_000).Alarms.ShouldBeEmpty();
        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddDays(7));
        fixture.Number(1_000_000).Alarms.ShouldBe(["in-alarm High"]);
    }

    [Fact]
    public async Task Stored_statistics_serve_all_workers_for_an_hour()
    {
        DetectEngine engine = Engine(P90);
        Fleet(engine, things: 100, thing => [thing]);
        DateTimeOffset day = EngineFixture.Begin.AddDays(1);
        FleetStatistics first = await FleetStatistics.RefreshAsync(engine, _store, day);
        (await FleetStatistics.RefreshAsync(Engine(P90), _store, day.AddMinutes(59))).Time.ShouldBe(first.Time);
        _store.Scans.ShouldBe(1);
        (await FleetStatistics.RefreshAsync(Engine(P90), _store, day.AddMinutes(61))).Time.ShouldBe(day.AddMinutes(61));
        FleetStatistics loaded = (await FleetStatistics.LoadAsync(Engine(P90), _store)).ShouldNotBeNull();
        EngineFixture fixture = Later(engine);
        engine.Statistics = loaded;
        fixture.Number(91).Alarms.ShouldBe(["in-alarm High"]);
    }

    [Fact]
    public async Task Windows_are_ranked_against_windows()
    {
        string bytes = EngineFixture.Behavior("Out", "aws:all-bytes-out", "\"comparisonOperator\":\"less-than-equals\",\"statisticalThreshold\":{\"statistic\":\"p50\"},\"durationSeconds\":600");
        DetectEngine engine = Engine(bytes);
        for (int thing = 0; thing < 100; thing++)
        {
            var fixture = new EngineFixture(Options(bytes)) { Engine = engine, Thing = Name(thing) };
            for (int i = 0; i < 3; i++)
            {
                fixture.Report(report => report.NetworkStats = new Defender.NetworkStats(0, 10, 0, 0));
            }

            _store.Records.Add(fixture.Record!);
        }

        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddDays(1));
        EngineFixture later = Later(engine);
        void Send(long count) => later.Report(report => report.NetworkStats = new Defender.NetworkStats(0, count, 0, 0));
        Send(0);
        Send(10);
        Send(10);
        later.Alarms.ShouldBeEmpty("two reports of ten bytes are what everybody sends in ten minutes");
        Send(10);
        Send(11);
        later.Alarms.ShouldBe(["in-alarm Out"]);
    }

    [Fact]
    public async Task Retained_metrics_say_how_the_fleet_stands_beside_a_static_threshold()
    {
        const string Static = "\"comparisonOperator\":\"less-than\",\"value\":{\"number\":500}";
        DetectProfile profile = EngineFixture.Profile(EngineFixture.Behavior("Load", "load", Static)) with { RetainedMetrics = ["load", "aws:num-messages-sent", "aws:source-ip-address"] };
        var options = new DetectEngineOptions { Profiles = [profile] };
        var engine = new DetectEngine(options);
        for (int thing = 0; thing < 10; thing++)
        {
            var one = new EngineFixture(options) { Engine = engine, Thing = Name(thing) };
            _store.Records.Add(one.Number(thing == 0 ? 900 : 5).Record!);
        }

        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddDays(1));
        EngineFixture fixture = Later(engine, options);
        fixture.Number(700).Alarms.ShouldBe(["in-alarm Load"]);
        JsonElement neighbours = fixture.LastAlarm.GetProperty("why").GetProperty("neighbours");
        neighbours.GetProperty("inAlarm").GetInt32().ShouldBe(1);
        neighbours.GetProperty("p50").GetDouble().ShouldBe(5);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_costs_only_itself()
    {
        DetectEngine engine = Engine(P90);
        Fleet(engine, things: 100, thing => [thing]);
        _store.Records.Add(new DetectRecord("BROKEN", 1, new byte[] { 1, 255, 255 }));
        engine.Statistics = await FleetStatistics.RefreshAsync(engine, _store, EngineFixture.Begin.AddDays(1));
        Later(engine).Number(91).Alarms.ShouldBe(["in-alarm High"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(-17)]
    [InlineData(0.5)]
    public void Small_numbers_are_ranked_exactly(double value) => SketchKeys.Value(SketchKeys.Of(value)).ShouldBe(value);

    [Fact]
    public void Other_numbers_are_ranked_within_four_thousandths_and_in_their_order()
    {
        var random = new Random(7);
        List<double> values = [.. Enumerable.Range(0, 20_000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 15)))];
        values.Sort();
        int before = int.MinValue;
        foreach (double value in values)
        {
            int key = SketchKeys.Of(value);
            key.ShouldBeGreaterThanOrEqualTo(before);
            before = key;
            Math.Abs(SketchKeys.Value(key) - value).ShouldBeLessThanOrEqualTo(Math.Abs(value) / 250);
        }
    }

    [Fact]
    public void A_percentile_is_the_value_of_nearest_rank_whatever_is_merged_first()
    {
        var random = new Random(8);
        for (int run = 0; run < 200; run++)
        {
            int[] values = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(256))];
            var ranked = new RankedValues([.. values.GroupBy(value => value).OrderBy(group => group.Key).Select(group => (SketchKeys.Of(group.Key), (long)group.Count()))]);
            Array.Sort(values);
            foreach (double percent in (double[])[0, 0.01, 0.1, 1, 10, 50, 90, 99, 99.9, 99.99, 100])
            {
                int rank = Math.Clamp((int)Math.Ceiling(percent / 100 * values.Length), 1, values.Length);
                ranked.Percentile(percent).ShouldBe(values[rank - 1]);
            }
        }
    }

    [Fact]
    public void A_day_has_room_for_any_number_of_datapoints()
    {
        var day = new SketchDay(20_000);
        var random = new Random(9);
        for (int i = 0; i < 5_000; i++)
        {
            day.Add(random.NextDouble() * 1e9);
        }

        byte[] bytes = day.ToBytes(new StateWriter()).ToArray();
        bytes.Length.ShouldBeLessThan(3_000);
        var read = new SketchDay(20_000, bytes);
        read.Values().Sum(one => one.Count).ShouldBe(5_000);
        read.Values().ShouldBe(day.Values());
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static DetectEngineOptions Options(string behaviors) => new() { Profiles = [EngineFixture.Profile(behaviors)] };

    private static DetectEngine Engine(string behaviors) => new(Options(behaviors));

    private static string Name(int thing) => "THING" + thing.ToString("D5", CultureInfo.InvariantCulture);

    private static EngineFixture Later(DetectEngine engine, DetectEngineOptions? options = null) =>
        new(options ?? Options(P90)) { Engine = engine, Thing = "LATER", Now = EngineFixture.Begin.AddDays(1) };

    private void Fleet(DetectEngine engine, int things, Func<int, double[]> values)
    {
        for (int thing = 1; thing <= things; thing++)
        {
            var fixture = new EngineFixture(Options(P90)) { Engine = engine, Thing = Name(thing) };
            foreach (double value in values(thing))
            {
                fixture.Number(value);
            }

            _store.Records.Add(fixture.Record!);
        }
    }
}
