using System.Text;
using IotOps.Aws;
using IotOps.Emulator;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>An export with an id that dies at every part, and goes on.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData("UploadPart")]
    [InlineData("PutObject")]
    [InlineData("CreateMultipartUpload")]
    [InlineData("CompleteMultipartUpload")]
    public async Task An_export_killed_at_any_request_goes_on_to_the_same_content(string operation)
    {
        string content = await PutAsync();
        bool finished = false;
        int resumed = 0;
        for (int kill = 1; !finished; kill++)
        {
            kill.ShouldBeLessThan(40);
            string id = $"kill-{operation}-{kill}";
            using (FaultHandle death = _logs.Emulator.Faults.Add(Death(operation, kill)))
            {
                finished = await TryAsync(id) is not null && death.Hits == 0;
            }

            LogExportResult result = (await TryAsync(id))!;
            Dictionary<string, string> files = await LogBucket.ReadAsync(result);
            (files["command_20231001.log"] == content).ShouldBeTrue($"killed at {operation} {kill}");
            result.Records.ShouldBe(content.Count(c => c == '\n'));
            result.Objects.ShouldBe(8);
            _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(0, $"killed at {operation} {kill}");
            _logs.Emulator.S3.Keys(LogBucket.Name).ShouldNotContain(k => k.EndsWith("/plan", StringComparison.Ordinal) || k.EndsWith("/checkpoint", StringComparison.Ordinal));
            resumed++;
        }

        resumed.ShouldBeGreaterThan(1, "at least one run was killed");
    }

    [Fact]
    public async Task What_was_uploaded_before_is_not_read_again()
    {
        await PutAsync();
        using (_logs.Emulator.Faults.Add(Death("UploadPart", 3)))
        {
            (await TryAsync("again")).ShouldBeNull();
        }

        using FaultHandle early = _logs.Emulator.Faults.Add(new Fault { Operation = "GetObject", When = r => r.Key!.EndsWith("/00", StringComparison.Ordinal), Status = 500, Code = "InternalError" });
        LogExportResult result = await new LogExporter(Options()).ResumeAsync("again");

        result.Objects.ShouldBe(8);
        early.Hits.ShouldBe(0);
    }

    [Fact]
    public async Task What_an_export_made_is_found_again_with_a_new_link_and_without_exporting()
    {
        await PutAsync();
        var exporter = new LogExporter(Options());
        (await exporter.FindAsync("later")).ShouldBeNull();
        using (_logs.Emulator.Faults.Add(Death("UploadPart", 3)))
        {
            (await TryAsync("later")).ShouldBeNull();
        }

        (await exporter.FindAsync("later")).ShouldBeNull();
        LogExportResult made = await exporter.ResumeAsync("later");
        using FaultHandle reads = _logs.Emulator.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 500, Code = "InternalError" });
        LogExportResult found = (await exporter.FindAsync("later"))!;

        found.ShouldSatisfyAllConditions(x => x.Key.ShouldBe(made.Key), x => x.Records.ShouldBe(made.Records), x => x.Url.ShouldNotBeNull());
        reads.Hits.ShouldBe(0);
        _logs.Emulator.S3.Delete(LogBucket.Name, made.Key!);
        (await exporter.FindAsync("later")).ShouldBeNull();
    }

    [Fact]
    public async Task A_cancelled_export_with_an_id_keeps_its_parts_and_goes_on()
    {
        string content = await PutAsync();
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => new LogExporter(Options()).ExportAsync(
            Request("stopped"), new Percents(told => { if (told.Percent > 80) { stop.Cancel(); } }), stop.Token));
        _logs.Emulator.S3.UploadsUnderWay(LogBucket.Name).ShouldBe(1);

        var progress = new Percents();
        LogExportResult result = await new LogExporter(Options()).ResumeAsync("stopped", progress);

        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe(content);
        progress.Told[1].ShouldBeGreaterThan(20, "progress begins where the other run was");
    }

    [Fact]
    public async Task The_same_request_again_is_answered_with_the_zip_that_is_there()
    {
        await PutAsync();
        LogExportResult first = await new LogExporter(Options()).ExportAsync(Request("twice"));

        using FaultHandle reads = _logs.Emulator.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 500 });
        LogExportResult second = await new LogExporter(Options()).ExportAsync(Request("twice"));

        (second.Key, second.Bytes, second.Records).ShouldBe((first.Key, first.Bytes, first.Records));
        reads.Hits.ShouldBe(0);
    }

    [Fact]
    public async Task An_id_names_one_request_and_no_other()
    {
        await PutAsync();
        using (_logs.Emulator.Faults.Add(Death("UploadPart", 3)))
        {
            (await TryAsync("taken")).ShouldBeNull();
        }

        await RefusedAsync();
        await new LogExporter(Options()).ResumeAsync("taken");
        await RefusedAsync();

        async Task RefusedAsync()
        {
            foreach (LogExportRequest other in new[]
            {
                Request("taken") with { Identifier = "THING00002" },
                Request("taken") with { Date = LogBucket.Day.AddDays(1) },
                Request("taken") with { LastDate = LogBucket.Day.AddDays(1) },
                Request("taken") with { Categories = ["command", "telemetry"] },
            })
            {
                (await Should.ThrowAsync<ArgumentException>(() => new LogExporter(Options()).ExportAsync(other)))
                    .Message.ShouldContain("'taken' is the id of another export: command of THING00001 from 2023-10-01 to 2023-10-01");
            }
        }
    }

    [Fact]
    public async Task An_upload_that_somebody_aborted_is_begun_anew()
    {
        string content = await PutAsync();
        using (_logs.Emulator.Faults.Add(Death("UploadPart", 3)))
        {
            (await TryAsync("aborted")).ShouldBeNull();
        }

        var uploads = await _logs.S3.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = LogBucket.Name });
        await _logs.S3.AbortMultipartUploadAsync(LogBucket.Name, uploads.MultipartUploads[0].Key, uploads.MultipartUploads[0].UploadId);

        (await LogBucket.ReadAsync((await TryAsync("aborted"))!))["command_20231001.log"].ShouldBe(content);
    }

    [Fact]
    public async Task There_is_nothing_to_go_on_with_under_an_unknown_id() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => new LogExporter(Options()).ResumeAsync("unknown"))).Message.ShouldContain("Export anew");

    private static LogExportRequest Request(string id) => LogBucket.Request("command") with { Id = id };

    // From the nth request on nothing gets through any more, which is what a killed process looks like to S3.
    private static Fault Death(string operation, int nth)
    {
        int seen = 0;
        bool isDead = false;
        return new Fault
        {
            Operation = "*",
            When = request => isDead |= request.Operation == operation && Interlocked.Increment(ref seen) == nth,
            DropBeforeAccepting = true,
        };
    }

    private LogExporterOptions Options() => _logs.Options with
    {
        PartBytes = 5 << 20,
        Profile = DeflateProfile.Stored,
        ParallelRequests = 2,
        ParallelParts = 1,
        Retry = AwsRetryOptions.None,
    };

    private async Task<LogExportResult?> TryAsync(string id)
    {
        try
        {
            return await new LogExporter(Options()).ExportAsync(Request(id));
        }
        catch (AwsException)
        {
            return null;
        }
    }

    // Small and large, plain and gzip: parts end between objects and inside of them.
    private async Task<string> PutAsync()
    {
        var all = new StringBuilder();
        for (int i = 0; i < 8; i++)
        {
            string content = LogBucket.Noise(i, i == 3 ? 12_000_000 : 1_200_000);
            await _logs.PutAsync($"commands/THING00001/2023/10/01/{i:D2}", i % 4 == 0 ? LogBucket.Gzip(content) : Encoding.UTF8.GetBytes(content));
            all.Append(content);
        }

        return all.ToString();
    }
}
