using System.Text.Json;
using IotOps.Emulator;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>Several devices in one zip, a folder each.</summary>
public sealed class DevicesTests : IAsyncLifetime
{
    private const string Broken = "{\"thingName\":\"x\",\"cut";
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    private static LogExportRequest Two(params string[] categories) => LogBucket.Request(categories) with { OtherIdentifiers = ["THING00002", "a:b", "THING00001"] };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_device_gets_its_own_records_in_its_own_folder(bool sharded)
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $"{LogBucket.Mine}{LogBucket.Other}{LogBucket.Mine}");
        await _logs.PutAsync("commands/THING00001/2023/10/01/1", "one\n");
        await _logs.PutAsync("commands/THING00002/2023/10/01/1", "two\n");
        await _logs.PutAsync("commands/a:b/2023/10/01/1", "three\n");

        LogExportResult result = sharded ? await ShardedAsync(Two("telemetry", "command")) : await _logs.ExportAsync(Two("telemetry", "command"));

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files.Keys.ShouldBe(
        [
            "THING00001/telemetry_20231001.log", "THING00001/command_20231001.log", "THING00002/telemetry_20231001.log",
            "THING00002/command_20231001.log", "a_b/command_20231001.log", "manifest.json",
        ]);
        files["THING00001/telemetry_20231001.log"].ShouldBe($"{LogBucket.Mine}\n{LogBucket.Mine}\n");
        files["THING00002/telemetry_20231001.log"].ShouldBe(LogBucket.Other + "\n");
        files["a_b/command_20231001.log"].ShouldBe("three\n");
        result.Key!.ShouldEndWith("/20231001_THING00001_and_2_more.zip");
        result.Message.ShouldBe("telemetry, command logs of THING00001, THING00002, a:b on 2023-10-01 (UTC): 6 records from 4 objects.");
        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        manifest.RootElement.GetProperty("otherIdentifiers").EnumerateArray().Select(i => i.GetString()).ShouldBe(["THING00002", "a:b"]);
        manifest.RootElement.GetProperty("files")[4].GetProperty("identifier").GetString().ShouldBe("a:b");
        manifest.RootElement.GetProperty("files")[5].GetProperty("name").GetString().ShouldBe("a_b/command_20231001.log", "as it is in the zip");
    }

    [Fact]
    public async Task Objects_of_several_devices_are_listed_once_and_what_is_wrong_with_them_counts_once()
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $"{LogBucket.Mine}{Broken}");
        await _logs.PutAsync("telemetry/2023/10/01/08/b", "PAR1\u0015\0");
        int listings = 0;
        _logs.Emulator.Faults.Add(new Fault
        {
            Operation = "ListObjectsV2",
            When = _ =>
            {
                Interlocked.Increment(ref listings);
                return false;
            },
        });

        LogExportResult result = await _logs.ExportAsync(Two() with { KeepUnreadable = true }, o => o with { LostObjects = LostObjectPolicy.Skip });

        (result.Objects, result.SkippedObjects, result.UnreadableRecords).ShouldBe((1, 1, 1));
        listings.ShouldBe(26, "one for each hour's folder");
        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files["telemetry_20231001.unreadable.log"].ShouldBe(Broken + "\n");
        files.Keys.Count(k => k.Contains("unreadable", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_list_that_cannot_be_is_refused()
    {
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { OtherIdentifiers = ["client_id"] }))).Message.ShouldContain("by itself");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { OtherIdentifiers = [.. Enumerable.Range(0, 20).Select(i => $"T{i}")] }))).Message.ShouldContain("at most 20");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { OtherIdentifiers = ["a//b"] }))).Message.ShouldContain("'a//b' is no identifier");
    }

    private async Task<LogExportResult> ShardedAsync(LogExportRequest request)
    {
        var exporter = new ShardedLogExporter(_logs.Options);
        await exporter.PlanAsync(request with { Id = "several" }, 3);
        foreach (int shard in new[] { 2, 0, 1 })
        {
            await exporter.RunShardAsync("several", shard);
        }

        return await exporter.FinishAsync("several");
    }
}
