using IotOps.Archive;
using IotOps.Emulator;
using IotOps.Slack;
using IotOps.SlackExport.Serving;
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
        string id = await AskAsync();
        using var job = new SlackExportJob(Fleet.Options(_aws) with { SigningSecrets = [] });

        LogExportResult result = await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        result.Url.ShouldNotBeNull();
        _aws.Slack.Posts[0].Json.ShouldContain("Output Progress: 10%");
        _aws.Slack.Posts[^1].Json.ShouldContain("Log file generation complete!!");
    }

    [Fact]
    public async Task A_bot_reports_in_the_channel()
    {
        string id = await AskAsync();
        using var job = new SlackExportJob(Fleet.Options(_aws) with { BotToken = _aws.Slack.BotToken });

        await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);

        _aws.Slack.Posts.Select(p => p.Method).Distinct(StringComparer.Ordinal).ShouldBe(["chat.postMessage", "chat.update"]);
    }

    [Fact]
    public async Task A_retry_posts_the_outcome_alone()
    {
        string id = await AskAsync();
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

    // The endpoint stores the request; its job is this test's.
    private async Task<string> AskAsync()
    {
        _aws.Batch.CreateJobQueue("slack");
        _aws.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "export", Run = (_, _) => Task.FromResult(0) });
        await using var server = new SlackExportServer(Fleet.Options(_aws) with
        {
            RunsInProcess = false,
            Environments = [Fleet.Environment(_aws) with { JobQueue = "slack", JobDefinition = "export" }],
        });
        byte[] body = Fleet.Form(_aws).ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        SlackReply reply = await server.Endpoint.HandleAsync(signed, body, TimeProvider.System.GetTimestamp());
        await server.InFlight.WhenLateWorkIsDoneAsync(Cancel);
        reply.Status.ShouldBe(200);
        return _aws.Batch.Jobs.Single().JobName;
    }
}
