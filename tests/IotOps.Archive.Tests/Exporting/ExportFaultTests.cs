using Amazon.S3.Model;
using IotOps.Aws;
using IotOps.Emulator;

namespace IotOps.Archive.Tests.Exporting;

public sealed class ExportFaultTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task SlowDown_on_every_operation_is_waited_out()
    {
        string content = await PutLargeAsync();
        foreach (string operation in new[] { "ListObjectsV2", "GetObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload" })
        {
            _logs.Emulator.Faults.Add(new Fault { Operation = operation, Times = 3, Status = 503, Code = "SlowDown" });
        }

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), Small);

        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe(content);
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public async Task A_body_that_is_cut_off_is_gone_on_with_where_it_was(int at)
    {
        string content = LogBucket.Noise(3, 1_500_000);
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "first\n");
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", content);
        using FaultHandle cut = _logs.Emulator.Faults.Add(new Fault { Operation = "GetObject", When = r => r.Key!.EndsWith("/b", StringComparison.Ordinal), Times = 1, TruncateBodyAt = at });

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"));

        cut.Hits.ShouldBe(1);
        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe("first\n" + content);
    }

    [Fact]
    public async Task A_lost_answer_to_completing_and_one_with_an_error_inside_are_looked_into()
    {
        string content = await PutLargeAsync();
        using FaultHandle error = _logs.Emulator.Faults.Add(new Fault { Operation = "CompleteMultipartUpload", Times = 1, Status = 200, Code = "InternalError" });
        using FaultHandle lost = _logs.Emulator.Faults.Add(new Fault { Operation = "CompleteMultipartUpload", Times = 1, DropAfterAccepting = true });

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), Small);

        (error.Hits, lost.Hits).ShouldBe((1, 1));
        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe(content);
    }

    [Fact]
    public async Task An_object_overwritten_meanwhile_fails_the_export_and_nothing_stays()
    {
        await PutLargeAsync();
        await _logs.PutAsync("commands/THING00001/2023/10/01/z", "old");

        AwsException failure = await Should.ThrowAsync<AwsException>(() => _logs.ExportAsync(
            LogBucket.Request("command"), o => Small(o) with { ParallelRequests = 1 }, After(12, () => Overwrite("z"))));

        failure.Code.ShouldBe("PreconditionFailed");
        failure.Message.ShouldContain("commands/THING00001/2023/10/01/z");
        failure.Message.ShouldContain("Export again");
        NothingStays();
    }

    [Fact]
    public async Task Objects_lost_meanwhile_are_skipped_and_named_in_the_manifest_where_the_policy_says_so()
    {
        await PutLargeAsync();
        await _logs.PutAsync("commands/THING00001/2023/10/01/y", "overwritten");
        await _logs.PutAsync("commands/THING00001/2023/10/01/z", "deleted");

        LogExportResult result = await _logs.ExportAsync(
            LogBucket.Request("command"),
            o => Small(o) with { ParallelRequests = 1, LostObjects = LostObjectPolicy.Skip },
            After(12, () =>
            {
                Overwrite("y");
                _logs.Emulator.S3.Delete(LogBucket.Name, "commands/THING00001/2023/10/01/z");
            }));

        result.Skipped.ShouldBe(
        [
            new SkippedLogObject("commands/THING00001/2023/10/01/y", "overwritten after it was listed"),
            new SkippedLogObject("commands/THING00001/2023/10/01/z", "deleted after it was listed"),
        ]);
        result.Message.ShouldContain("2 objects were left out");
        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files["manifest.json"].ShouldContain("overwritten after it was listed");
        files["command_20231001.log"].ShouldNotContain("overwritten");
    }

    [Theory]
    [InlineData("command")]
    [InlineData("telemetry")]
    public async Task Damaged_gzip_is_told_by_its_key(string category)
    {
        byte[] damaged = LogBucket.Gzip(LogBucket.Noise(1, 20_000));
        damaged[5_000] ^= 0x55;
        string key = category == "command" ? "commands/THING00001/2023/10/01/a" : "telemetry/2023/10/01/08/a";
        await _logs.PutAsync(key, damaged);

        (await Should.ThrowAsync<InvalidDataException>(() => _logs.ExportAsync(LogBucket.Request(category)))).Message.ShouldContain(key);
        LogExportResult skipped = await _logs.ExportAsync(LogBucket.Request(category), o => o with { LostObjects = LostObjectPolicy.Skip });
        skipped.Skipped.ShouldHaveSingleItem().Reason.ShouldStartWith("damaged");
    }

    [Theory]
    [InlineData("command")]
    [InlineData("telemetry")]
    public async Task Gzip_that_ends_too_early_is_damaged_however_it_is_read(string category)
    {
        byte[] whole = LogBucket.Gzip(string.Concat(Enumerable.Repeat(LogBucket.Mine + "\n", 5_000)));
        string key = category == "command" ? "commands/THING00001/2023/10/01/a" : "telemetry/2023/10/01/08/a";
        foreach (int missing in new[] { 1, 8, 200 })
        {
            await _logs.PutAsync(key, whole[..^missing]);
            (await Should.ThrowAsync<InvalidDataException>(() => _logs.ExportAsync(LogBucket.Request(category)), $"{missing} bytes are missing")).Message.ShouldContain(key);
        }
    }

    [Fact]
    public async Task A_day_of_which_nothing_could_be_read_is_not_called_empty()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", [0x1f, 0x8b, 0x08, 0, 1, 2, 3]);

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { LostObjects = LostObjectPolicy.Skip });

        result.Key.ShouldBeNull();
        result.Message.ShouldContain("1 object was left out");
        result.Message.ShouldContain("commands/THING00001/2023/10/01/a");
        result.Message.ShouldNotContain("no object lies");
    }

    [Fact]
    public async Task An_upload_whose_answer_never_came_does_not_stay_behind()
    {
        await PutLargeAsync();
        using (_logs.Emulator.Faults.Add(new Fault { Operation = "CreateMultipartUpload", DropAfterAccepting = true }))
        {
            await Should.ThrowAsync<AwsException>(() => _logs.ExportAsync(LogBucket.Request("command"), Small));
        }

        NothingStays();
    }

    [Fact]
    public async Task A_gzip_object_longer_than_is_held_is_spliced_as_it_comes()
    {
        string plain = LogBucket.Noise(1, 9_000_000);
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", LogBucket.Gzip(plain));
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", "last\n");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"));

        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe(plain + "last\n", "the same, in the same order");
        result.Records.ShouldBe(plain.Count(c => c == '\n') + 1);
    }

    [Fact]
    public async Task Damage_far_inside_a_long_gzip_object_costs_that_object_alone()
    {
        string plain = LogBucket.Noise(1, 9_000_000);
        byte[] damaged = LogBucket.Gzip(plain);
        damaged[^1_000] ^= 0x55;
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", damaged);
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", "last\n");

        (await Should.ThrowAsync<InvalidDataException>(() => _logs.ExportAsync(LogBucket.Request("command")))).Message.ShouldContain("2023/10/01/a is damaged");
        LogExportResult skipped = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { LostObjects = LostObjectPolicy.Skip });

        skipped.Skipped.ShouldHaveSingleItem().Reason.ShouldStartWith("damaged");
        string file = (await LogBucket.ReadAsync(skipped))["command_20231001.log"];
        file.ShouldEndWith("\nlast\n");
        file.Length.ShouldBeGreaterThan(8_500_000);
        file.AsSpan().CommonPrefixLength(plain).ShouldBeInRange(file.Length - "\nlast\n".Length, file.Length - "last\n".Length);
        skipped.Records.ShouldBe(file.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Cancelling_leaves_no_upload_behind()
    {
        await PutLargeAsync();
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => _logs.ExportAsync(
            LogBucket.Request("command"), Small, After(70, stop.Cancel), stop.Token));

        NothingStays();
    }

    [Fact]
    public async Task S3_that_stays_away_ends_the_export_and_aborts_when_it_can()
    {
        await PutLargeAsync();
        _logs.Emulator.Faults.Add(new Fault { Operation = "UploadPart", Status = 503, Code = "SlowDown" });

        (await Should.ThrowAsync<AwsException>(() => _logs.ExportAsync(LogBucket.Request("command"), Small))).Code.ShouldBe("SlowDown");

        NothingStays();
    }

    [Fact]
    public async Task A_refusal_for_good_is_told_with_what_to_do()
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", "x");
        _logs.Emulator.Faults.Add(new Fault { Operation = "GetObject", Status = 403, Code = "AccessDenied" });

        AwsException failure = await Should.ThrowAsync<AwsException>(() => _logs.ExportAsync(LogBucket.Request("command")));

        failure.Code.ShouldBe("AccessDenied");
        failure.Message.ShouldContain("s3:GetObject");
    }

    private static LogExporterOptions Small(LogExporterOptions options) => options with { PartBytes = 5 << 20, Profile = DeflateProfile.Stored };

    private static Percents After(int percent, Action act)
    {
        bool acted = false;
        return new Percents(told =>
        {
            if (told.Percent >= percent && !acted)
            {
                acted = true;
                act();
            }
        });
    }

    // Twelve objects that make a zip of three parts.
    private async Task<string> PutLargeAsync()
    {
        string all = "";
        for (int i = 0; i < 12; i++)
        {
            string content = LogBucket.Noise(i, 1_500_000);
            await _logs.PutAsync($"commands/THING00001/2023/10/01/{i:D2}", i % 3 == 0 ? LogBucket.Gzip(content) : System.Text.Encoding.UTF8.GetBytes(content));
            all += content;
        }

        return all;
    }

    private void Overwrite(string name) =>
        _logs.S3.PutObjectAsync(new PutObjectRequest { BucketName = LogBucket.Name, Key = $"commands/THING00001/2023/10/01/{name}", ContentBody = "another" }).GetAwaiter().GetResult();

    private void NothingStays()
    {
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0);
        _logs.Emulator.S3.Keys(LogBucket.Name).ShouldAllBe(k => k.StartsWith("commands/", StringComparison.Ordinal));
        _logs.Spooled.ShouldBe(0);
    }
}
