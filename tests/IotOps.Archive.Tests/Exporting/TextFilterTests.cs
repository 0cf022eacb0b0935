namespace IotOps.Archive.Tests.Exporting;

/// <summary>Records and lines by what stands in them.</summary>
public sealed class TextFilterTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync()
    {
        _logs = await LogBucket.StartAsync();
        await _logs.PutAsync("telemetry/2023/10/01/08/a", Record(1, "ERROR é") + Record(2, "fine") + LogBucket.Other.Replace("\"v\":2", "\"v\":\"ERROR\"", StringComparison.Ordinal) + Record(3, "an error"));
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "reboot ERROR 17\r\nfine\n\nERROR 42");
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", LogBucket.Gzip("error 99\nERROR 7\n"));
        await _logs.PutAsync("commands/THING00001/2023/10/01/c", """{"a":"ERROR 1"}{"a":"fine"}{"a":"ERROR 2"}""");
    }

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task A_text_must_stand_in_a_record_or_line()
    {
        Dictionary<string, string> files = await ExportAsync(r => r with { Contains = "ERROR" });

        files["telemetry_20231001.log"].ShouldBe(Record(1, "ERROR é") + "\n");
        files["command_20231001.log"].ShouldBe("reboot ERROR 17\r\nERROR 42\nERROR 7\n{\"a\":\"ERROR 1\"}\n{\"a\":\"ERROR 2\"}\n");
    }

    [Theory]
    [InlineData("(?i)error", "reboot ERROR 17\r\nERROR 42\nerror 99\nERROR 7\n{\"a\":\"ERROR 1\"}\n{\"a\":\"ERROR 2\"}\n")]
    [InlineData("^ERROR [0-9]+$", "ERROR 42\nERROR 7\n")]
    [InlineData(@"ERROR \d\d\b", "reboot ERROR 17\r\nERROR 42\n")]
    public async Task A_regular_expression_must_match_in_it(string pattern, string expected) =>
        (await ExportAsync(r => r with { Matches = pattern }))["command_20231001.log"].ShouldBe(expected);

    [Fact]
    public async Task Both_together_must_hold()
    {
        Dictionary<string, string> files = await ExportAsync(r => r with { Contains = "reboot", Matches = "ERROR" });

        files["command_20231001.log"].ShouldBe("reboot ERROR 17\r\n");
        files.ContainsKey("telemetry_20231001.log").ShouldBeFalse();
    }

    [Fact]
    public async Task A_pattern_that_would_backtrack_for_ever_takes_no_time()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/d", new string('a', 200_000) + "!\n");
        long begun = TimeProvider.System.GetTimestamp();

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command") with { Matches = "^(a+)+$|x{1,20}y" });

        result.IsEmpty.ShouldBeTrue();
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("(?=a)", "Look-around")]
    [InlineData(@"(a)\1", "Look-around")]
    [InlineData("(", "cannot be looked for")]
    [InlineData("", "at least 1 character")]
    public async Task A_pattern_that_cannot_be_used_is_refused_before_anything_is_read(string pattern, string reason) =>
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request("command") with { Matches = pattern }))).Message.ShouldContain(reason);

    private static string Record(int n, string text) => $$"""{"thingName":"THING00001","timestamp":1696150800000,"n":{{n}},"text":"{{text}}"}""";

    private async Task<Dictionary<string, string>> ExportAsync(Func<LogExportRequest, LogExportRequest> filter) =>
        await LogBucket.ReadAsync(await _logs.ExportAsync(filter(LogBucket.Request("telemetry", "command"))));
}
