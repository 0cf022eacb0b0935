using System.Text;
using IotOps.Archive.Exporting;
using IotOps.Archive.Sharding;

namespace IotOps.Archive.Tests.Exporting;

public sealed class ShardTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(40, true)]
    public async Task Shards_in_any_order_make_the_files_that_a_single_run_makes(int shards, bool twice)
    {
        await PutAsync();
        LogExportRequest request = LogBucket.Request("telemetry", "command") with { LastDate = new DateOnly(2023, 10, 2) };
        Dictionary<string, string> single = await LogBucket.ReadAsync(await _logs.ExportAsync(request, Small));

        var exporter = new ShardedLogExporter(Small(_logs.Options));
        ShardPlan plan = await exporter.PlanAsync(request with { Id = "sharded" }, shards);
        int[] order = [.. Enumerable.Range(0, shards)];
        new Random(shards).Shuffle(order);
        foreach (int index in twice ? [.. order, .. order.Take(3)] : order)
        {
            await exporter.RunShardAsync("sharded", index);
        }

        LogExportResult result = await exporter.FinishAsync("sharded");

        plan.ShouldBe(new ShardPlan("sharded", shards, 24, plan.Bytes));
        Dictionary<string, string> sharded = await LogBucket.ReadAsync(result);
        sharded.Keys.ShouldBe(single.Keys);
        foreach (string name in single.Keys.Where(n => n != "manifest.json"))
        {
            (sharded[name] == single[name]).ShouldBeTrue(name);
        }

        result.Records.ShouldBe(single.Where(f => f.Key != "manifest.json").Sum(f => f.Value.Count(c => c == '\n')));
        result.Bytes.ShouldBe((await _logs.Emulator.S3.FindAsync(LogBucket.Name, result.Key!))!.Content.Length);
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0);
        _logs.Emulator.S3.Keys(LogBucket.Name).Count(k => k.Contains("/requests/sharded/", StringComparison.Ordinal)).ShouldBe(1, "the outcome alone stays");
        (await exporter.FinishAsync("sharded")).Key.ShouldBe(result.Key, "finishing again is answered with the same zip");
    }

    [Fact]
    public async Task Finishing_says_which_shard_is_missing()
    {
        await PutAsync();
        var exporter = new ShardedLogExporter(Small(_logs.Options));
        await exporter.PlanAsync(LogBucket.Request("command") with { Id = "missing" }, 2);
        await exporter.RunShardAsync("missing", 0);

        (await Should.ThrowAsync<InvalidOperationException>(() => exporter.FinishAsync("missing"))).Message.ShouldContain("Shard 1 of 2");

        await exporter.AbortAsync("missing");
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0);
        _logs.Emulator.S3.Keys(LogBucket.Name).ShouldNotContain(k => k.StartsWith("slack/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_day_of_shards_uploads_nothing()
    {
        var exporter = new ShardedLogExporter(_logs.Options);
        await exporter.PlanAsync(LogBucket.Request("command") with { Id = "empty" }, 2);
        await exporter.RunShardAsync("empty", 0);
        await exporter.RunShardAsync("empty", 1);

        LogExportResult result = await exporter.FinishAsync("empty");

        result.IsEmpty.ShouldBeTrue();
        result.Message.ShouldContain("no object lies in its folders");
        _logs.Emulator.S3.Keys(LogBucket.Name).ShouldBeEmpty();
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0);
    }

    [Fact]
    public async Task A_shard_of_no_plan_is_refused() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => new ShardedLogExporter(_logs.Options).RunShardAsync("none", 0))).Message.ShouldContain("plan it first");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void Every_object_is_in_exactly_one_piece_and_shards_get_like_bytes(int shards)
    {
        var random = new Random(shards);
        PlannedEntry[] entries =
        [
            .. Enumerable.Range(0, 5).Select(e => new PlannedEntry(
                $"e{e}", "c", LogBucket.Day, [.. Enumerable.Range(0, e * 300).Select(o => new PlannedObject($"{e}/{o}", random.Next(1, 1_000_000), "e"))])),
        ];
        var plan = new ExportPlan { Identifier = "x", Categories = [], From = LogBucket.Day, To = LogBucket.Day, CreatedAt = default, Key = "k", Entries = entries };

        var set = ShardSet.Of(plan, shards, "upload");

        set.Pieces.SelectMany(p => entries[p.Entry].Objects.Take(p.First..p.End).Select(o => o.Key)).ShouldBe(entries.SelectMany(e => e.Objects.Select(o => o.Key)));
        set.Pieces.Select(p => p.Shard).ShouldBe(set.Pieces.Select(p => p.Shard).Order());
        set.Pieces.GroupBy(p => p.Shard).Max(s => s.Sum(p => entries[p.Entry].Objects.Take(p.First..p.End).Sum(o => o.Size)))
            .ShouldBeLessThan((plan.Bytes / shards) + 2_000_000);
        set.JoiningPart(set.Pieces[^1]).ShouldBeLessThan(10_000 - set.PartsEach + 1);
        set.PartsEach.ShouldBeGreaterThan(15);
    }

    private static LogExporterOptions Small(LogExporterOptions options) => options with { PartBytes = 5 << 20, Profile = DeflateProfile.Stored };

    // Several files, one of them large enough for shards with parts of their own, one of them split in the middle.
    private async Task PutAsync()
    {
        for (int i = 0; i < 12; i++)
        {
            string content = LogBucket.Noise(i, i == 5 ? 12_000_000 : 1_000_000);
            await _logs.PutAsync($"commands/THING00001/2023/10/01/{i:D2}", i % 4 == 0 ? LogBucket.Gzip(content) : Encoding.UTF8.GetBytes(content));
            await _logs.PutAsync($"commands/THING00001/2023/10/02/{i:D2}", $"{i}");
        }
    }
}
