using System.IO.Compression;
using System.Text;
using IotOps.Archive;
using IotOps.Slack;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Downloads;

/// <summary>Links of this program's own, where Slack or the keys do not let a presigned one do.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    private static readonly Uri Public = new("https://logs.example.com/");

    private SlackBench _bench = null!;
    private StoredRequest _asked = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await SlackBench.StartAsync(configure: options => options with { PublicUrl = Public });
        await _bench.Documents.WriteAsync("commands/THING00001/2023/10/01/00", "one\ntwo\n"u8.ToArray(), Cancel);
        await _bench.PostAsync(new SlackForm { Text = "THING00001 command 2023/10/01" });
        _asked = (await _bench.Requests.FindAsync(_bench.Jobs.Submitted[0].Id!, Cancel))!;
        await _bench.Exporter.ExportAsync(_asked.ToExport(), cancellationToken: Cancel);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(3_000, 60, false)]
    [InlineData(3_001, 60, true)]
    [InlineData(300, 30, true)]
    public async Task A_link_that_is_too_long_or_ends_too_early_is_replaced(int length, int minutes, bool isReplaced)
    {
        LogExportResult presigned = Presigned(length, minutes);

        LogExportResult told = await _bench.Links.LinkAsync(_asked, presigned, Cancel);

        (told.Url!.AbsoluteUri.StartsWith("https://logs.example.com/slack/download/logs-", StringComparison.Ordinal)).ShouldBe(isReplaced);
        told.ExpiresAt.ShouldBe(isReplaced ? _bench.Time.GetUtcNow().AddHours(1) : presigned.ExpiresAt);
    }

    [Fact]
    public async Task A_click_is_sent_to_a_link_signed_at_that_moment()
    {
        string token = await TokenAsync();

        SlackReply reply = await _bench.Downloads.HandleAsync("GET", token, "Mozilla/5.0");

        reply.Status.ShouldBe(302);
        reply.Headers().ShouldContain(new KeyValuePair<string, string>("cache-control", "no-store"));
        using var http = new HttpClient();
        using var zip = new ZipArchive(await http.GetStreamAsync(reply.Location, Cancel));
        using var reader = new StreamReader(zip.GetEntry("command_20231001.log")!.Open());
        (await reader.ReadToEndAsync(Cancel)).ShouldBe("one\ntwo\n");
        _bench.Log.ShouldContain($"The log file of request {_asked.Id}");
        _bench.Log.ShouldNotContain(token);
    }

    [Theory]
    [InlineData("HEAD", "Mozilla/5.0")]
    [InlineData("GET", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("GET", "Slackbot 1.0 (+https://api.slack.com/robots)")]
    [InlineData("GET", "Slack-ImgProxy (+https://api.slack.com/robots)")]
    [InlineData("POST", null)]
    public async Task Whoever_looks_behind_links_gets_nothing_and_does_not_count(string method, string? agent)
    {
        SlackReply reply = await _bench.Downloads.HandleAsync(method, await TokenAsync(), agent);

        (reply.Status, reply.Body.Length, reply.Location).ShouldBe((404, 0, null));
        _bench.Log.ShouldNotContain("was downloaded");
    }

    [Fact]
    public async Task The_token_is_random_and_stored_as_its_hash_alone()
    {
        string token = await TokenAsync();
        string other = await TokenAsync();

        token.ShouldMatch("^logs-[0-9a-f]{32}$");
        new[] { token, other, _asked.Id }.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        string[] keys = [.. _bench.Emulator.S3.Keys(SlackBench.Bucket).Where(k => k.StartsWith("slack/download/", StringComparison.Ordinal))];
        keys.Length.ShouldBe(2);
        foreach (string key in keys)
        {
            string document = key + Encoding.UTF8.GetString((await _bench.Documents.FindAsync(key, Cancel))!);
            document.ShouldNotContain(token["logs-".Length..]);
            document.ShouldNotContain(other["logs-".Length..]);
        }
    }

    [Fact]
    public async Task A_link_ends_with_its_validity()
    {
        string token = await TokenAsync();

        _bench.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await ClickAsync(token)).Status.ShouldBe(302);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        (await ClickAsync(token)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Revoking_ends_every_link_and_the_same_command_makes_new_ones()
    {
        string token = await TokenAsync();
        Uri presigned = (await _bench.Exporter.FindAsync(_asked.Id, Cancel))!.Url!;

        string stranger = SlackBench.Shown((await _bench.PostAsync(new SlackForm { User = "U9", Text = $"revoke {_asked.Id}" })).Body);
        stranger.ShouldContain("You may not do this here.");
        (await ClickAsync(token)).Status.ShouldBe(302);
        string told = SlackBench.Shown((await _bench.PostAsync(new SlackForm { Text = $"revoke {_asked.Id}" })).Body);

        told.ShouldContain("every link to it has ended");
        (await ClickAsync(token)).Status.ShouldBe(404);
        using var http = new HttpClient();
        (await http.GetAsync(presigned, Cancel)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "also the link to S3 itself");
        SlackBench.Shown((await _bench.PostAsync(new SlackForm { Text = $"link {_asked.Id}" })).Body).ShouldStartWith("There is no request");

        SlackBench.Shown((await _bench.PostAsync(new SlackForm { Text = "THING00001  command 2023/10/01" })).Body).ShouldContain("Generating log file...");
        StoredRequest again = (await _bench.Requests.FindAsync(_asked.Id, Cancel))!;
        (await _bench.Exporter.ExportAsync(again.ToExport(), cancellationToken: Cancel)).Records.ShouldBe(2);
        (await ClickAsync(token)).Status.ShouldBe(404, "a revoked link stays so");
    }

    [Theory]
    [InlineData("")]
    [InlineData("logs-")]
    [InlineData("logs-00000000000000000000000000000000")]
    [InlineData("prod-00000000000000000000000000000000")]
    [InlineData("../../slack/requests/x-00000000000000000000000000000000")]
    [InlineData("logs-0000000000000000000000000000000G")]
    public async Task What_is_no_token_of_a_link_is_answered_like_one_that_has_ended(string token)
    {
        SlackReply reply = await ClickAsync(token);

        (reply.Status, Encoding.UTF8.GetString(reply.Body)).ShouldBe((404, "This link has ended, or never was one. Ask for a new one in Slack."));
    }

    [Fact]
    public async Task A_link_too_long_for_Slack_is_no_failure_where_this_program_has_no_address()
    {
        await using SlackBench bench = await SlackBench.StartAsync();

        LogExportResult told = await bench.Links.LinkAsync(_asked, Presigned(4_000, 60), Cancel);
        string shown = SlackBench.Shown(SlackResponse.Ephemeral(new ExportMessages("/iot-log").Done(_asked, told, bench.Time.GetUtcNow())).ToUtf8Json());

        shown.ShouldContain("The file is there, but its link is longer than Slack takes.");
        shown.ShouldContain("`slack/iot-logs/x/20231001_THING00001.zip`");
    }

    private static LogExportResult Presigned(int length, int minutes)
    {
        const string Root = "https://bucket.s3.eu-west-1.amazonaws.com/?";
        return new LogExportResult
        {
            Message = "done",
            Key = "slack/iot-logs/x/20231001_THING00001.zip",
            Url = new Uri(Root + new string('x', length - Root.Length)),
            ExpiresAt = new TestKit.ManualTimeProvider().GetUtcNow().AddMinutes(minutes),
        };
    }

    private async Task<string> TokenAsync() => (await _bench.Links.LinkAsync(_asked, Presigned(3_001, 60), Cancel)).Url!.Segments[^1];

    private Task<SlackReply> ClickAsync(string token) => _bench.Downloads.HandleAsync("GET", token, "Mozilla/5.0");
}
