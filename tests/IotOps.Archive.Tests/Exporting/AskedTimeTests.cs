using System.Globalization;
using System.Text.Json;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>Exports of days in a zone, and of hours.</summary>
public sealed class AskedTimeTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task A_day_of_a_zone_holds_that_zone_s_day()
    {
        foreach (string time in new[] { "2023-09-30T21:59:59Z", "2023-09-30T22:00:00Z", "2023-10-01T21:59:59Z", "2023-10-01T22:00:00Z" })
        {
            await PutAsync(time);
        }

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request() with { TimeZone = "Europe/Berlin" });

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        Times(files["telemetry_20231001.log"]).ShouldBe(["2023-09-30T22:00:00Z", "2023-10-01T21:59:59Z"]);
        result.Message.ShouldStartWith("telemetry logs of THING00001 on 2023-10-01 (Europe/Berlin): 2 records");
        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        manifest.RootElement.GetProperty("from").GetString().ShouldBe("2023-09-30T22:00:00Z");
        manifest.RootElement.GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
    }

    [Fact]
    public async Task Hours_are_those_of_each_day()
    {
        foreach (string time in new[] { "2023-10-01T07:59:59.999Z", "2023-10-01T08:00:00Z", "2023-10-01T10:29:59.999Z", "2023-10-01T10:30:00Z", "2023-10-02T09:00:00Z", "2023-10-02T11:00:00Z" })
        {
            await PutAsync(time);
        }

        LogExportResult result = await _logs.ExportAsync(
            LogBucket.Request() with { LastDate = new DateOnly(2023, 10, 2), FromTime = new TimeOnly(8, 0), UntilTime = new TimeOnly(10, 30) });

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        Times(files["telemetry_20231001.log"]).ShouldBe(["2023-10-01T08:00:00Z", "2023-10-01T10:29:59.999Z"]);
        Times(files["telemetry_20231002.log"]).ShouldBe(["2023-10-02T09:00:00Z"]);
        result.Message.ShouldContain("from 2023-10-01 to 2023-10-02 between 08:00 and 10:30 (UTC)");
        result.Objects.ShouldBeLessThan(7, "other hours' folders are not read");
    }

    [Fact]
    public async Task An_id_names_its_hours_and_its_zone_too()
    {
        await PutAsync("2023-10-01T08:00:00Z");
        LogExportRequest request = LogBucket.Request() with { Id = "hours", FromTime = new TimeOnly(8, 0) };
        await _logs.ExportAsync(request);

        foreach (LogExportRequest other in new[] { request with { FromTime = null }, request with { UntilTime = new TimeOnly(9, 0) }, request with { TimeZone = "Europe/Berlin" }, request with { KeepUnreadable = true } })
        {
            (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(other))).Message.ShouldContain("is the id of another export");
        }

        (await _logs.ExportAsync(request)).Records.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_told_is_refused()
    {
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request("command") with { FromTime = new TimeOnly(8, 0) }))).Message.ShouldContain("whole days");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request("command") with { TimeZone = "Asia/Tokyo" }))).Message.ShouldContain("whole days");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { TimeZone = "Mars/Olympus" }))).Message.ShouldContain("is no time zone");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { FromTime = new TimeOnly(8, 0), UntilTime = new TimeOnly(8, 0) }))).Message.ShouldContain("ends before it begins");
    }

    private Task PutAsync(string time)
    {
        DateTime utc = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return _logs.PutAsync($"telemetry/{utc:yyyy}/{utc:MM}/{utc:dd}/{utc:HH}/{utc:mmss}", LogBucket.Mine.Replace("1696150800000", $"\"{time}\"", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Times(string file) =>
        file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("timestamp").GetString()!);
}
