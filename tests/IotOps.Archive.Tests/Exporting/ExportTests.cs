using System.Text.Json;

namespace IotOps.Archive.Tests.Exporting;

public sealed class ExportTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task A_day_becomes_one_file_a_category_with_this_device_s_records_alone()
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $"{LogBucket.Mine}\n{LogBucket.Other}\n");
        await _logs.PutAsync("telemetry/2023/10/01/09/b", LogBucket.Gzip(LogBucket.Mine + LogBucket.Other + LogBucket.Mine));
        await _logs.PutAsync("telemetry/2023/10/02/00/late", LogBucket.Mine.Replace("1696150800000", "\"2023-10-01T23:59:59Z\"", StringComparison.Ordinal) + LogBucket.Mine.Replace("1696150800000", "1696204800000", StringComparison.Ordinal));
        await _logs.PutAsync("telemetry/2023/10/02/01/too-late", LogBucket.Mine);
        await _logs.PutAsync("commands/THING00001/2023/10/01/1", "reboot\nupdate");
        await _logs.PutAsync("commands/THING00001/2023/10/01/2", LogBucket.Gzip("stop\n"));
        await _logs.PutAsync("commands/THING000010/2023/10/01/1", "not mine");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("telemetry", "commands"));

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files.Keys.ShouldBe(["telemetry_20231001.log", "command_20231001.log", "manifest.json"]);
        files["telemetry_20231001.log"].ShouldBe($"{LogBucket.Mine}\n{LogBucket.Mine}\n{LogBucket.Mine}\n{LogBucket.Mine.Replace("1696150800000", "\"2023-10-01T23:59:59Z\"", StringComparison.Ordinal)}\n");
        files["command_20231001.log"].ShouldBe("reboot\nupdate\nstop\n");
        result.Key!.ShouldMatch(@"^slack/iot-logs/\d{14}-[0-9a-f]{8}/20231001_THING00001\.zip$");
        (result.Records, result.Objects).ShouldBe((7, 5));
        result.Bytes.ShouldBe((await _logs.Emulator.S3.FindAsync(LogBucket.Name, result.Key!))!.Content.Length);
        result.Message.ShouldBe("telemetry, command logs of THING00001 on 2023-10-01 (UTC): 7 records from 5 objects.");
        _logs.Emulator.S3.Keys(LogBucket.Name).Count(k => k.StartsWith("slack/", StringComparison.Ordinal)).ShouldBe(1, "nothing else is left");
    }

    [Fact]
    public async Task The_manifest_tells_what_went_in_and_what_did_not()
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $"{LogBucket.Mine}\n{LogBucket.Other}\nno json\n");

        Dictionary<string, string> files = await LogBucket.ReadAsync(await _logs.ExportAsync(LogBucket.Request("telemetry", "command")));

        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        JsonElement file = manifest.RootElement.GetProperty("files")[0];
        file.GetProperty("name").GetString().ShouldBe("telemetry_20231001.log");
        (file.GetProperty("objects").GetInt64(), file.GetProperty("records").GetInt64(), file.GetProperty("recordsOfOthers").GetInt64(), file.GetProperty("recordsUnreadable").GetInt64())
            .ShouldBe((1, 1, 1, 1));
        manifest.RootElement.GetProperty("files")[1].GetProperty("objects").GetInt64().ShouldBe(0);
        manifest.RootElement.GetProperty("from").GetString().ShouldBe("2023-10-01T00:00:00Z");
        manifest.RootElement.GetProperty("to").GetString().ShouldBe("2023-10-02T00:00:00Z");
    }

    [Fact]
    public async Task A_range_becomes_one_file_a_category_and_day()
    {
        foreach (int day in new[] { 1, 2, 3 })
        {
            await _logs.PutAsync($"commands/THING00001/2023/10/0{day}/1", $"day {day}\n");
        }

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command") with { LastDate = new DateOnly(2023, 10, 3) });

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files.Keys.ShouldBe(["command_20231001.log", "command_20231002.log", "command_20231003.log", "manifest.json"]);
        files["command_20231002.log"].ShouldBe("day 2\n");
        result.Key!.ShouldEndWith("/20231001-20231003_THING00001.zip");
    }

    [Fact]
    public async Task Every_device_s_lifecycle_is_one_file()
    {
        await _logs.PutAsync("lifecycle/2023/10/01/08/a", """{"clientId":"A","timestamp":1696150800000}{"clientId":"B","timestamp":1696150800}""");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("lifecycle") with { Identifier = LogLayout.AllDevices });

        (await LogBucket.ReadAsync(result))["lifecycle_20231001.log"].ShouldBe("{\"clientId\":\"A\",\"timestamp\":1696150800000}\n{\"clientId\":\"B\",\"timestamp\":1696150800}\n");
        result.Key!.ShouldEndWith("/20231001_client_id.zip");
    }

    [Fact]
    public async Task Objects_of_an_IoT_rule_are_found_by_the_time_in_their_names()
    {
        foreach (string name in new[] { "1696118399999", "1696118400000", "1696204799999", "1696204800000" })
        {
            await _logs.PutAsync($"rule/THING00001/{name}", $$"""{"at":{{name}}}""");
        }

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("rule"));

        (await LogBucket.ReadAsync(result))["rule_20231001.log"].ShouldBe("{\"at\":1696118400000}\n{\"at\":1696204799999}\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_day_says_so_and_uploads_nothing(bool withObjects)
    {
        if (withObjects)
        {
            await _logs.PutAsync("telemetry/2023/10/01/08/a", LogBucket.Other);
        }

        var progress = new Percents();
        LogExportResult result = await _logs.ExportAsync(LogBucket.Request(), progress: progress);

        result.IsEmpty.ShouldBeTrue();
        result.Url.ShouldBeNull();
        result.Message.ShouldBe(withObjects
            ? "There are no telemetry logs of THING00001 on 2023-10-01 (UTC): 1 object was read, none of their records is this device's of that time."
            : "There are no telemetry logs of THING00001 on 2023-10-01 (UTC): no object lies in its folders.");
        _logs.Emulator.S3.Keys(LogBucket.Name).ShouldAllBe(k => k.StartsWith("telemetry/", StringComparison.Ordinal));
        progress.Told[^1].ShouldBe(100);
    }

    [Fact]
    public async Task Progress_goes_from_10_by_the_bytes_read_to_100()
    {
        for (int i = 0; i < 10; i++)
        {
            await _logs.PutAsync($"commands/THING00001/2023/10/01/{i}", new string('x', 1000));
        }

        var progress = new Percents();
        await _logs.ExportAsync(LogBucket.Request("command"), progress: progress);

        progress.Told.ShouldBe([10, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99, 100]);
    }

    [Fact]
    public async Task The_IAmazonS3_alone_serves_as_well()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a+b c/é", LogBucket.Gzip("one\ntwo"));

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { Reader = null });

        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe("one\ntwo\n");
    }

    [Fact]
    public async Task Keys_that_a_uri_would_change_are_read_as_they_are()
    {
        foreach (string name in new[] { "a//b", "a/../c", "é 😀", "a%2Fb", "a+b?c#d" })
        {
            await _logs.PutAsync($"commands/THING00001/2023/10/01/{name}", name + "\n");
        }

        (await LogBucket.ReadAsync(await _logs.ExportAsync(LogBucket.Request("command"))))["command_20231001.log"]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["a%2Fb", "a+b?c#d", "a/../c", "a//b", "é 😀"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_link_lives_no_longer_than_the_credentials_that_signed_it()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "x");
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddMinutes(7).ToUnixTimeSeconds());

        LogExportResult asked = await _logs.ExportAsync(LogBucket.Request("command"));
        LogExportResult cut = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { Credentials = new EndingCredentials(_logs.Credentials, end) });

        (asked.ExpiresAt!.Value - TimeProvider.System.GetUtcNow()).TotalMinutes.ShouldBe(60, 1);
        cut.ExpiresAt.ShouldBe(end);
        cut.Url!.Query.ShouldMatch("X-Amz-Expires=4[12]\\d");
    }

    [Fact]
    public async Task The_link_can_be_printed_as_it_is()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "x");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"));

        $"{result.Url}".ShouldBe(result.Url!.AbsoluteUri);
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.GetAsync($"{result.Url}");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("20231001_THING00001.zip");
    }

    [Theory]
    [InlineData("--x")]
    [InlineData("-h")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData(".")]
    public async Task An_identifier_that_could_be_something_else_is_refused(string identifier) =>
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { Identifier = identifier }))).Message.ShouldContain("is no identifier");

    [Theory]
    [InlineData("fleet.eu/THING00001@home")]
    [InlineData("-THING00001")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    public async Task Whatever_AWS_takes_as_a_client_id_names_a_device(string identifier)
    {
        string record = $$"""{"thingName":"{{identifier}}","timestamp":1696147200000,"n":1}""";
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $"{record}\n{LogBucket.Other}\n");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("telemetry") with { Identifier = identifier });

        (await LogBucket.ReadAsync(result))["telemetry_20231001.log"].ShouldBe(record + "\n");
        result.Key!.Split('/').Length.ShouldBe(4, "the identifier makes no folder of its own");
    }

    [Fact]
    public async Task A_slash_leads_into_no_other_devices_folder() =>
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request("command") with { Identifier = "THING00001/2023" }))).Message.ShouldContain("cannot name a folder");


    [Fact]
    public async Task A_request_that_cannot_be_served_is_refused_with_what_could_be()
    {
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request("telemetri")))).Message.ShouldContain("there are telemetry, command, lifecycle, rule");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request("command") with { Identifier = "client_id" }))).Message.ShouldContain("name one device");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { LastDate = new DateOnly(2023, 9, 30) }))).Message.ShouldContain("is no range");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { LastDate = new DateOnly(2023, 11, 1) }))).Message.ShouldContain("31 days");
        (await Should.ThrowAsync<ArgumentException>(() => _logs.ExportAsync(LogBucket.Request() with { Id = "../x" }))).Message.ShouldContain("is no id");
    }
}
