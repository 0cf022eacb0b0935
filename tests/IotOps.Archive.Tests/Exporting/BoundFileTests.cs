using System.IO.Compression;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>An export's files have 32-bit sizes where they are not expected to need more, and are right where they do.</summary>
public sealed class BoundFileTests : IAsyncLifetime
{
    private static readonly string Long = LogBucket.Noise(1, 3_000_000);
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData("a.log", false)]
    [InlineData("a.gz", true)]
    [InlineData("a", false)]
    public async Task A_day_of_a_device_has_no_ZIP64(string name, bool isGzip)
    {
        await PutAsync(name, isGzip);

        (await FirstVersionAsync(await _logs.ExportAsync(LogBucket.Request("command")))).ShouldBe(20);
    }

    [Fact]
    public async Task Neither_has_one_that_shards_made()
    {
        await PutAsync("a", isGzip: false);
        var exporter = new ShardedLogExporter(_logs.Options);
        await exporter.PlanAsync(LogBucket.Request("command") with { Id = "narrow" }, 1);
        await exporter.RunShardAsync("narrow", 0);

        LogExportResult result = await exporter.FinishAsync("narrow");

        (await FirstVersionAsync(result)).ShouldBe(20);
        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe(Long);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("grown")]
    public async Task A_file_that_needs_more_than_was_expected_begins_anew_and_comes_out_right(string? id)
    {
        // Nine megabytes of some kilobytes: more than twenty times as much.
        string text = string.Concat(Enumerable.Repeat("the same line again and again\n", 300_000));
        await _logs.PutAsync("commands/THING00001/2023/10/01/a.log", Long);
        await _logs.PutAsync("commands/THING00001/2023/10/01/b.gz", LogBucket.Gzip(text));

        LogExportResult result = await _logs.ExportAsync(
            LogBucket.Request("command") with { Id = id },
            o => o with { LargestBoundEntry = 8_000_000, PartBytes = 5 << 20, Profile = DeflateProfile.Stored });

        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe(Long + text);
        (await FirstVersionAsync(result)).ShouldBe(45);
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0);
    }

    private Task PutAsync(string name, bool isGzip) => _logs.PutAsync(
        $"commands/THING00001/2023/10/01/{name}", isGzip ? LogBucket.Gzip(Long) : System.Text.Encoding.UTF8.GetBytes(Long));

    // Of a local header: 45 says ZIP64.
    private static async Task<int> FirstVersionAsync(LogExportResult result)
    {
        using var http = new HttpClient();
        byte[] zip = await http.GetByteArrayAsync(result.Url);
        using var archive = new ZipArchive(new MemoryStream(zip));
        archive.Entries.Count.ShouldBe(2);
        return zip[4];
    }
}
