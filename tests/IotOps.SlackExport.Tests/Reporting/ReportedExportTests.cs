using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Slack;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Reporting;

/// <summary>An export that was requested in Slack and reports there.</summary>
public sealed class ReportedExportTests : IAsyncLifetime
{
    private SlackBench _bench = null!;
    private LogExportRequest _request = null!;
    private StoredRequest _asked = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await SlackBench.StartAsync();
        await _bench.PostAsync(new SlackForm());
        _request = _bench.Jobs.Submitted[0];
        _asked = (await _bench.Requests.FindAsync(_request.Id!, Cancel))!;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Started_a_third_two_thirds_and_done_are_posted_in_order()
    {
        await PutLogsAsync();

        LogExportResult result = await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        _bench.Posted.Count.ShouldBeInRange(3, 4);
        _bench.Posted[0].ShouldEndWith("Output Progress: 10%");
        _bench.Posted.Skip(1).SkipLast(1).ShouldAllBe(text => text.Contains("Output Progress: ", StringComparison.Ordinal));
        _bench.Posted[^1].ShouldStartWith(
            """
            Output Progress: 100%
            Target Identifier: THING00001
            Log Category: telemetry,command
            Specified Log Date: 2023/10/01
            Log file generation complete!!
            Please access the link below to download the log file.
            The download link is valid for up to 
            """.TrimEnd('\n'));
        _bench.Posted[^1].ShouldContain(result.Url!.AbsoluteUri);
        _bench.Slack.Requests.ShouldAllBe(r => r.Header("Authorization") == null);
    }

    [Fact]
    public async Task A_partial_answer_says_what_is_missing_and_why()
    {
        await PutLogsAsync();
        await _bench.Documents.WriteAsync("commands/THING00001/2023/10/01/y", new byte[] { 0x1f, 0x8b, 0x08, 0, 1, 2 }, Cancel);
        await _bench.Documents.WriteAsync("telemetry/THING00001/2023/10/01/z", "PAR1\u0015"u8.ToArray(), Cancel);

        LogExportResult result = await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        _bench.Posted[^1].ShouldContain("Log file generation complete, but something is missing.");
        _bench.Posted[^1].ShouldContain("2 objects were left out (1 Parquet, 1 damaged).");
        _bench.Posted[^1].ShouldContain(result.Url!.AbsoluteUri);
    }

    [Theory]
    [InlineData("_THING00001_", "`_THING00001_`")]
    [InlineData(":thumbsup:", "`:thumbsup:`")]
    [InlineData("dev:tada:1", "`dev:tada:1`")]
    [InlineData("a@example.com/1", "`a@example.com/1`")]
    [InlineData("THING-00001", "THING-00001")]
    public void A_name_shows_as_it_is_whatever_Slack_makes_of_its_characters(string identifier, string shown)
    {
        StoredRequest asked = _asked with { Identifier = identifier };
        var messages = new ExportMessages("/iot-log");

        foreach (SlackMessage message in (SlackMessage[])[messages.Accepted(asked), messages.AlreadyAsked(asked), ExportMessages.Progress(asked, 10), messages.Failed(asked, "x"), messages.StillRunning(asked), messages.Status(asked, null)])
        {
            message.Text.Mrkdwn.ShouldContain(shown);
            message.Blocks.OfType<SlackSection>().First().Text.Mrkdwn.ShouldContain($"Target Identifier: {shown}\n");
        }
    }

    [Fact]
    public void What_other_programs_wrote_is_plain_text()
    {
        string json = Encoding.UTF8.GetString(SlackResponse.Ephemeral(new ExportMessages("/iot-log").Failed(_asked, "_no_ :tada: <!channel>")).ToUtf8Json());

        json.ShouldContain("""{"type":"plain_text","text":"_no_ :tada: &lt;!channel&gt;","emoji":false}""");
    }

    [Fact]
    public async Task Who_asked_is_told_how_archived_objects_are_restored()
    {
        await PutLogsAsync();
        LogExportResult result = await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        string shown = SlackBench.Shown(SlackResponse.Ephemeral(new ExportMessages("/iot-log").Done(
            _asked, result with { LeftOut = "1 object was left out (1 in an archive storage class).", RestoreHint = "aws s3api restore-object --key x takes 5 hours.", Unreadable = [] }, _bench.Time.GetUtcNow())).ToUtf8Json());

        shown.ShouldContain("1 object was left out (1 in an archive storage class).");
        shown.ShouldContain("aws s3api restore-object --key x takes 5 hours.");
    }

    [Fact]
    public async Task Several_devices_of_some_hours_with_a_text_are_one_zip_with_a_folder_each()
    {
        await _bench.Documents.WriteAsync("commands/THING00001/2023/10/01/x", "reboot ok\nreboot failed\n"u8.ToArray(), Cancel);
        await _bench.Documents.WriteAsync("commands/THING00002/2023/10/01/x", "reboot failed\n"u8.ToArray(), Cancel);
        await _bench.PostAsync(new SlackForm { Text = "THING00001,THING00002 command 2023/10/01 contains=failed" });
        LogExportRequest request = _bench.Jobs.Submitted[^1];
        StoredRequest asked = (await _bench.Requests.FindAsync(request.Id!, Cancel))!;

        LogExportResult result = await _bench.Export.RunAsync(asked, request, isRetry: false, progress: null, Cancel);

        _bench.Posted[^1].ShouldContain("Target Identifier: THING00001, THING00002\nLog Category: command\nSpecified Log Date: 2023/10/01 `with 'failed'`");
        using var http = new HttpClient();
        using var zip = new ZipArchive(await http.GetStreamAsync(result.Url, Cancel));
        zip.Entries.Select(e => e.FullName).ShouldBe(["THING00001/command_20231001.log", "THING00002/command_20231001.log", "manifest.json"]);
        using var reader = new StreamReader(zip.Entries[0].Open());
        (await reader.ReadToEndAsync(Cancel)).ShouldBe("reboot failed\n");
    }

    [Fact]
    public async Task The_link_holds_what_the_sources_hold()
    {
        await PutLogsAsync();

        LogExportResult result = await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        using var http = new HttpClient();
        using var zip = new ZipArchive(await http.GetStreamAsync(result.Url, Cancel));
        using var reader = new StreamReader(zip.GetEntry("command_20231001.log")!.Open());
        (await reader.ReadToEndAsync(Cancel)).ShouldBe(string.Concat(Enumerable.Range(0, 24).Select(Line)));
    }

    [Fact]
    public async Task A_second_attempt_of_a_job_keeps_the_posts_that_are_left_for_the_end()
    {
        await PutLogsAsync();

        await _bench.Export.RunAsync(_asked, _request, isRetry: true, progress: null, Cancel);

        _bench.Posted.ShouldHaveSingleItem().ShouldStartWith("Output Progress: 100%");
    }

    [Fact]
    public async Task A_day_without_logs_is_reported_as_such()
    {
        LogExportResult result = await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        result.IsEmpty.ShouldBeTrue();
        _bench.Posted[^1].ShouldContain("There are no telemetry, command logs of THING00001");
    }

    [Fact]
    public async Task A_failure_is_posted_with_its_reason_and_fails_the_job()
    {
        await PutLogsAsync();
        using FaultHandle denied = _bench.Emulator.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 403, Code = "AccessDenied" });

        await Should.ThrowAsync<AwsException>(() => _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel));

        _bench.Posted[^1].ShouldContain("Log file generation failed.");
        _bench.Posted[^1].ShouldContain("said AccessDenied.");
        _bench.Posted[^1].ShouldNotContain("Injected fault", Case.Sensitive, "AWS's own words name accounts and roles");
    }

    [Fact]
    public async Task An_unexpected_failure_is_posted_too()
    {
        await PutLogsAsync();

        await Should.ThrowAsync<NotSupportedException>(() => _bench.Export.RunAsync(_asked, _request, isRetry: false, new Broken(), Cancel));

        _bench.Posted[^1].ShouldContain("Log file generation failed.\nThe log of the job says why.");
    }

    [Fact]
    public void No_failures_text_names_a_parameter_of_the_code() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_231_001, 1), Prop.ForAll(ArbMap.Default.ArbFor<(NonNull<string> Words, bool HasValue, bool IsWrapped)>(), given =>
        {
            string words = given.Words.Get.Replace("(Parameter '", "", StringComparison.Ordinal);
            ArgumentException thrown = Thrown(words, given.HasValue);
            Exception e = given.IsWrapped ? new InvalidOperationException(ReportedExport.Reason(thrown), thrown) : thrown;

            string told = SlackBench.Shown(SlackResponse.Ephemeral(new ExportMessages("/iot-log").Failed(_asked, ReportedExport.Reason(e))).ToUtf8Json());

            told.ShouldNotContain("(Parameter '");
        }));

    [Fact]
    public async Task A_stopped_export_posts_nothing_because_it_continues_later()
    {
        await PutLogsAsync();
        using var stop = new CancellationTokenSource();
        using FaultHandle slow = _bench.Emulator.Faults.Add(new Fault { Operation = "ListObjectsV2", When = _ => { stop.Cancel(); return true; }, DropBeforeAccepting = true });

        await Should.ThrowAsync<OperationCanceledException>(() => _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, stop.Token));

        _bench.Posted.ShouldHaveSingleItem().ShouldEndWith("Output Progress: 10%");
    }

    [Fact]
    public async Task A_Slack_that_takes_nothing_does_not_fail_the_export()
    {
        await PutLogsAsync();
        _bench.SlackAnswer = () => new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { Content = new StringContent("expired_url") };

        LogExportResult result = await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        result.IsEmpty.ShouldBeFalse();
        _bench.Log.ShouldContain("expired_url");
    }

    [Fact]
    public async Task Link_gives_a_new_link_to_a_finished_export()
    {
        await PutLogsAsync();
        SlackReply before = await _bench.PostAsync(new SlackForm { Text = $"link {_request.Id}" });
        await _bench.Export.RunAsync(_asked, _request, isRetry: false, progress: null, Cancel);

        SlackReply after = await _bench.PostAsync(new SlackForm { Text = $"link  {_request.Id}" });

        SlackBench.Shown(before.Body).ShouldEndWith("Waits for its turn.");
        SlackBench.Shown(after.Body).ShouldContain("X-Amz-Signature=");
    }

    private static ArgumentException Thrown(string words, bool hasValue) =>
        hasValue ? new ArgumentOutOfRangeException(nameof(hasValue), hasValue, words) : new ArgumentException(words, nameof(hasValue));

    private sealed class Broken : IProgress<LogExportProgress>
    {
        public void Report(LogExportProgress value) => throw new NotSupportedException();
    }

    private static string Line(int hour) => $$"""{"timestamp":{{1_696_118_400_000L + (hour * 3_600_000L)}},"value":"{{new string('x', 200)}}"}""" + "\n";

    private async Task PutLogsAsync()
    {
        var documents = _bench.Documents;
        for (int hour = 0; hour < 24; hour++)
        {
            byte[] line = Encoding.UTF8.GetBytes(Line(hour));
            await documents.WriteAsync($"telemetry/THING00001/2023/10/01/{hour:00}", line, Cancel);
            await documents.WriteAsync($"commands/THING00001/2023/10/01/{hour:00}", line, Cancel);
        }
    }
}
