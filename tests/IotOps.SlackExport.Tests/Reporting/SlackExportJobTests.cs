using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.SlackExport.Tests.Hosting;

namespace IotOps.SlackExport.Tests.Reporting;

/// <summary>The job of an export, in a process of its own.</summary>
public sealed class SlackExportJobTests : IAsyncLifetime
{
    private static readonly LogExportRequest Day = new() { Identifier = "THING00001", Categories = ["command"], Date = new DateOnly(2023, 10, 1), Id = "logs-1" };

    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await Fleet.StartAsync(Cancel);

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_request_made_in_Slack_is_reported_there()
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using var job = new SlackExportJob(Fleet.Options(_aws) with { SigningSecrets = [] });

        LogExportResult result = await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        result.Url.ShouldNotBeNull();
        _aws.Slack.Posts[0].Json.ShouldContain("Output Progress: 10%");
        _aws.Slack.Posts[^1].Json.ShouldContain("Log file generation complete!!");
    }

    [Fact]
    public async Task A_bot_reports_in_the_channel_and_gives_the_link_to_who_asked_alone()
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using var job = new SlackExportJob(Fleet.Options(_aws) with { BotToken = _aws.Slack.BotToken });

        await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        ReceivedSlackPost[] channel = [.. _aws.Slack.Posts.Where(p => p.ResponseUrl is null)];
        channel.Select(p => p.Method).Distinct(StringComparer.Ordinal).ShouldBe(["chat.postMessage", "chat.update"]);
        channel[^1].Json.ShouldContain("Who asked for it has the link.");
        channel.ShouldNotContain(p => p.Json.Contains("X-Amz-Signature", StringComparison.Ordinal) || p.Json.Contains("\"url\"", StringComparison.Ordinal));
        ReceivedSlackPost link = _aws.Slack.Posts.Single(p => p.ResponseUrl is not null);
        link.Json.ShouldContain("X-Amz-Signature");
        link.Json.ShouldContain("\"response_type\":\"ephemeral\"");
    }

    [Fact]
    public async Task When_the_response_url_takes_no_more_the_link_is_a_direct_message()
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using FaultHandle expired = _aws.Faults.Add(new Fault { Operation = "SlackPost", Status = 404, Code = "expired_url" });
        using var job = new SlackExportJob(Fleet.Options(_aws) with { BotToken = _aws.Slack.BotToken });

        await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        ReceivedSlackPost link = _aws.Slack.Posts.Single(p => p.Json.Contains("X-Amz-Signature", StringComparison.Ordinal));
        link.Method.ShouldBe("chat.postMessage");
        link.Json.ShouldContain("\"channel\":\"U2147483697\"");
    }

    [Fact]
    public async Task A_team_that_wants_it_shows_links_to_the_channel_for_ten_minutes()
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using var job = new SlackExportJob(Fleet.Options(_aws) with { BotToken = _aws.Slack.BotToken, LinksInChannels = true });

        await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        ReceivedSlackPost done = _aws.Slack.Posts[^1];
        done.Method.ShouldBe("chat.update");
        done.Json.ShouldContain("The download link is valid for up to 10 minutes.");
        done.Json.ShouldMatch("X-Amz-Expires=(59.|60[01])");
        _aws.Slack.Posts.ShouldAllBe(p => p.ResponseUrl == null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_is_posted_and_the_job_knows_whether_Slack_took_it(bool taken)
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using FaultHandle denied = _aws.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 403, Code = "AccessDenied" });
        using FaultHandle? refusing = taken ? null : _aws.Faults.Add(new Fault { Operation = "SlackPost", Status = 404 });
        using var job = new SlackExportJob(Fleet.Options(_aws));

        await Should.ThrowAsync<AwsException>(() => job.RunAsync(Day with { Id = id }, cancellationToken: Cancel));

        job.HasPostedFailure.ShouldBe(taken);
    }

    [Fact]
    public async Task A_retry_posts_the_outcome_alone()
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using var job = new SlackExportJob(Fleet.Options(_aws));

        await job.RunAsync(Day with { Id = id }, isRetry: true, cancellationToken: Cancel);

        _aws.Slack.Posts.ShouldHaveSingleItem().Json.ShouldContain("Log file generation complete!!");
    }

    [Theory]
    [InlineData("logs-1")]
    [InlineData(null)]
    public async Task A_request_that_nobody_made_in_Slack_is_exported_in_silence(string? id)
    {
        using var job = new SlackExportJob(Fleet.Options(_aws));

        LogExportResult result = await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        result.Records.ShouldBe(24);
        _aws.Slack.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void The_exporter_is_configured_by_the_environment_that_is_named()
    {
        SlackExportEnvironment fast = Fleet.Environment(_aws, "fast") with { ConfigureExporter = options => options with { Profile = DeflateProfile.Fast } };
        SlackExportOptions options = Fleet.Options(_aws) with { Environments = [Fleet.Environment(_aws, "dev"), fast] };
        using var job = new SlackExportJob(options, "fast");

        job.ExporterOptions.Profile.ShouldBe(DeflateProfile.Fast);
        job.ExporterOptions.Bucket.ShouldBe(Fleet.Bucket);
        Should.Throw<ArgumentException>(() => new SlackExportJob(options, "prod")).Message.ShouldContain("There is no environment 'prod'; there are dev, fast.");
        Should.Throw<ArgumentException>(() => new SlackExportJob(options)).Message.ShouldContain("No environment is named; there are dev, fast.");
    }
}
