using System.Text;
using System.Text.Json;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>What cannot be read costs itself, and is told.</summary>
public sealed class UnreadableRecordsTests : IAsyncLifetime
{
    private const string Broken = """{"thingName":"OTHER","timestamp":1696150800000,"v":nope}""";
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task One_broken_record_leaves_twenty_thousand_behind_it_alone()
    {
        string records = string.Concat(Enumerable.Range(0, 20_000).Select(i => i % 10 == 0 ? LogBucket.Mine : LogBucket.Other));
        await _logs.PutAsync("telemetry/2023/10/01/08/a.gz", LogBucket.Gzip(LogBucket.Mine + """{"thingName":"OTHER","v":NaN}""" + Broken + records));

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request());

        result.Records.ShouldBe(2_001);
    }

    [Fact]
    public async Task A_byte_order_mark_costs_no_record()
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        await _logs.PutAsync("telemetry/2023/10/01/08/a", [.. mark, .. Encoding.UTF8.GetBytes($"{LogBucket.Mine}\n{LogBucket.Mine}\n")]);
        await _logs.PutAsync("telemetry/2023/10/01/08/b", [.. mark, .. Encoding.UTF8.GetBytes(LogBucket.Mine + LogBucket.Mine)]);

        (await _logs.ExportAsync(LogBucket.Request())).Records.ShouldBe(4);
    }

    [Fact]
    public async Task A_record_of_20_MiB_costs_itself_alone()
    {
        string giant = $$"""{"thingName":"THING00001","timestamp":1696150800000,"x":"{{new string('x', 20 << 20)}}"}""";
        await _logs.PutAsync("telemetry/2023/10/01/08/a.gz", LogBucket.Gzip(LogBucket.Mine + giant + LogBucket.Mine + LogBucket.Other + LogBucket.Mine));

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request());

        result.Records.ShouldBe(3);
        result.Message.ShouldContain($"1 record of {giant.Length} bytes could not be read (longer than 16 MiB)");
    }

    [Fact]
    public async Task A_partial_answer_says_what_is_missing_and_why()
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $$"""{{LogBucket.Mine}}{{Broken}}{"thingName":"THING00001"}{"timestamp":1696150800000}{{LogBucket.Mine}}""");
        await _logs.PutAsync("telemetry/2023/10/01/09/b.gz", LogBucket.Gzip(LogBucket.Mine)[..20]);
        await _logs.PutAsync("telemetry/2023/10/01/09/c", "PAR1\u0015\0");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request(), o => o with { LostObjects = LostObjectPolicy.Skip });

        (result.Records, result.SkippedObjects, result.UnreadableRecords, result.UnreadableBytes).ShouldBe((2, 2, 3, Broken.Length + 26 + 27));
        result.Unreadable.ShouldBe(
        [
            new UnreadableLogRecords("no JSON", 1, Broken.Length),
            new UnreadableLogRecords("without 'thingName'", 1, 27),
            new UnreadableLogRecords("without a time in 'timestamp'", 1, 26),
        ]);
        result.LeftOut.ShouldBe($"2 objects were left out (1 damaged, 1 Parquet), and 3 records of {Broken.Length + 53} bytes could not be read (1 no JSON, 1 without 'thingName', 1 without a time in 'timestamp').");
        result.Message.ShouldBe($"telemetry logs of THING00001 on 2023-10-01 (UTC): 2 records from 1 object. {result.LeftOut} See manifest.json.");
        using var manifest = JsonDocument.Parse((await LogBucket.ReadAsync(result))["manifest.json"]);
        JsonElement file = manifest.RootElement.GetProperty("files")[0];
        file.GetProperty("unreadable")[0].GetProperty("bytes").GetInt64().ShouldBe(Broken.Length);
        (file.GetProperty("recordsUnreadable").GetInt64(), file.GetProperty("objectsSkipped").GetInt64()).ShouldBe((3, 2));
    }

    [Fact]
    public async Task A_whole_answer_leaves_nothing_out()
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", LogBucket.Mine + LogBucket.Other);

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request());

        result.ShouldSatisfyAllConditions(r => r.LeftOut.ShouldBeNull(), r => r.UnreadableRecords.ShouldBe(0), r => r.SkippedObjects.ShouldBe(0));
        result.Message.ShouldBe("telemetry logs of THING00001 on 2023-10-01 (UTC): 1 record from 1 object.");
    }

    [Fact]
    public async Task What_cannot_be_read_is_kept_in_a_file_of_its_own_where_asked_for()
    {
        await _logs.PutAsync("telemetry/2023/10/01/07/a", LogBucket.Mine);
        await _logs.PutAsync("telemetry/2023/10/01/08/b", $"{LogBucket.Mine}{Broken}{LogBucket.Other}\nno json\n{{\"cut\":\"of");
        await _logs.PutAsync("telemetry/2023/10/01/09/c", LogBucket.Gzip("""{"thingName":"THING00001"}""" + LogBucket.Mine));
        await _logs.PutAsync("telemetry/2023/10/01/10/d", LogBucket.Mine);
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "{broken");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("telemetry", "command") with { KeepUnreadable = true });

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files.Keys.ShouldBe(["telemetry_20231001.log", "telemetry_20231001.unreadable.log", "command_20231001.log", "manifest.json"]);
        files["telemetry_20231001.unreadable.log"].ShouldBe($"{Broken}\nno json\n{{\"cut\":\"of\n{{\"thingName\":\"THING00001\"}}\n");
        (result.Records, result.Objects, result.UnreadableRecords).ShouldBe((5, 5, 4));
    }

    [Fact]
    public async Task Where_everything_could_be_read_there_is_no_such_file()
    {
        await _logs.PutAsync("telemetry/2023/10/01/07/a", LogBucket.Mine);

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request() with { KeepUnreadable = true });

        (await LogBucket.ReadAsync(result)).Keys.ShouldBe(["telemetry_20231001.log", "manifest.json"]);
    }

    [Fact]
    public async Task Records_that_all_cannot_be_read_are_an_answer_when_they_are_asked_for()
    {
        await _logs.PutAsync("telemetry/2023/10/01/07/a", Broken);

        LogExportResult without = await _logs.ExportAsync(LogBucket.Request());
        LogExportResult with = await _logs.ExportAsync(LogBucket.Request() with { KeepUnreadable = true });

        without.Message.ShouldBe($"There are no telemetry logs of THING00001 on 2023-10-01 (UTC): 1 object was read, none of their records is this device's of that time. 1 record of {Broken.Length} bytes could not be read (no JSON).");
        (await LogBucket.ReadAsync(with))["telemetry_20231001.unreadable.log"].ShouldBe(Broken + "\n");
    }

    [Fact]
    public async Task Shards_keep_what_cannot_be_read_too()
    {
        foreach (string name in new[] { "07/a", "08/b", "09/c" })
        {
            await _logs.PutAsync($"telemetry/2023/10/01/{name}", LogBucket.Mine + Broken);
        }

        var exporter = new ShardedLogExporter(_logs.Options);
        await exporter.PlanAsync(LogBucket.Request() with { Id = "kept", KeepUnreadable = true }, 2);
        await exporter.RunShardAsync("kept", 1);
        await exporter.RunShardAsync("kept", 0);
        LogExportResult result = await exporter.FinishAsync("kept");

        (await LogBucket.ReadAsync(result))["telemetry_20231001.unreadable.log"].ShouldBe($"{Broken}\n{Broken}\n{Broken}\n");
        (result.Records, result.Objects, result.UnreadableRecords).ShouldBe((3, 3, 3));
    }
}
