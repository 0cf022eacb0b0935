using System.Net;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.SlackExport.Tests;

namespace IotOps.InteropTests.Slack;

/// <summary>From the signed form to the files in the zip, through the real programs: serve, AWS Batch, generate-ziplog.</summary>
public sealed class SlackToZipTests(InteropPeers peers) : IAsyncLifetime
{
    private static readonly TimeSpan SlackWaits = TimeSpan.FromSeconds(3);

    private SlackStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await SlackStage.OpenAsync(peers);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_command_becomes_a_zip_whose_files_equal_the_sources()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await ShowAsync(environment);
    }

    [Fact]
    public async Task The_same_with_moto_as_S3()
    {
        Dictionary<string, string> environment = _stage.Environment();
        environment["AWS_ENDPOINT_URL_S3"] = (await peers.MotoAsync()).ToString().TrimEnd('/');
        environment["AWS_ENDPOINT_URL_BATCH"] = environment["AWS_ENDPOINT_URL"];
        environment["LOGEXPORT_BUCKET"] = $"{SlackStage.Bucket}-moto";
        await _stage.PutLogsAsync(environment);
        await ShowAsync(environment);
    }

    [Fact]
    public async Task Two_identical_requests_at_once_are_one_job()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment);

        string[] outcomes = await Task.WhenAll(_stage.OutcomeAsync(serve, _stage.Form()), _stage.OutcomeAsync(serve, _stage.Form()));

        outcomes.Count(a => a.Contains("Generating log file...", StringComparison.Ordinal)).ShouldBe(1);
        outcomes.Count(a => a.Contains("being generated already", StringComparison.Ordinal) || a.Contains("a moment ago", StringComparison.Ordinal)).ShouldBe(1);
        _stage.Aws.Batch.Jobs.Count.ShouldBe(1);
        await _stage.WaitForJobAsync("logs-");
    }

    [Fact]
    public async Task A_response_url_elsewhere_is_refused_and_nothing_is_sent_there()
    {
        await using AwsEmulator elsewhere = await AwsEmulator.StartAsync();
        await using LogExportProcess serve = await LogExportProcess.StartAsync(_stage.Environment());

        using HttpResponseMessage answer = await _stage.SendAsync(serve, _stage.Form() with { ResponseUrl = elsewhere.Slack.CreateResponseUrl().AbsoluteUri });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        elsewhere.Slack.Posts.ShouldBeEmpty();
        _stage.Aws.Batch.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_AWS_that_is_slow_delays_the_outcome_not_the_answer()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment);
        using FaultHandle slow = _stage.Aws.Faults.Add(new Fault { Operation = "SubmitJob", Times = 1, Delay = TimeSpan.FromSeconds(4) });
        SlackForm form = _stage.Form();

        long begun = TimeProvider.System.GetTimestamp();
        string answer = await _stage.PostAsync(serve, form);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(begun);

        elapsed.ShouldBeLessThan(SlackWaits);
        answer.ShouldContain("has arrived");
        (await _stage.WaitForPostAsync("Generating log file...", form.ResponseUrl)).Error.ShouldBeNull();
        await _stage.WaitForJobAsync("logs-");
        (await _stage.WaitForPostAsync("complete", form.ResponseUrl)).Json.ShouldContain("Output Progress: 100%");
        _stage.Aws.Slack.Posts.Count.ShouldBeInRange(3, 5);
    }

    [Fact]
    public async Task Exports_may_run_in_the_server_itself()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--runner", "local");

        (await _stage.OutcomeAsync(serve, _stage.Form())).ShouldContain("Generating log file...");

        (await _stage.WaitForPostAsync("complete")).Text.ShouldContain("complete");
        _stage.Aws.Batch.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_told_of_its_failure_ends_with_the_exit_code_that_says_so()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment);
        using FaultHandle denied = _stage.Aws.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 403, Code = "AccessDenied", Message = "no" });
        await _stage.OutcomeAsync(serve, _stage.Form());

        (await _stage.WaitForJobAsync("logs-", BatchJobStatus.Failed)).ExitCode.ShouldBe(3);
        _stage.Aws.Slack.Posts[^1].Json.ShouldContain("AWS refused: s3 ListObjectsV2 said AccessDenied.");
    }

    [Fact]
    public async Task A_failure_is_told_by_its_code_and_logged_in_full()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await _stage.PutLogsAsync(environment);
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--runner", "local");
        using FaultHandle denied = _stage.Aws.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 403, Code = "AccessDenied", Message = "User arn:aws:iam::123456789012:user/x is not authorized" });
        SlackForm form = _stage.Form();
        await _stage.OutcomeAsync(serve, form);
        string id = _stage.Aws.S3.Keys(SlackStage.Bucket).Single(k => k.StartsWith("slack/requests/", StringComparison.Ordinal))["slack/requests/".Length..^".json".Length];

        string status;
        do
        {
            status = await _stage.OutcomeAsync(serve, _stage.Form() with { Text = $"status {id}" });
        }
        while (!status.Contains("Failed", StringComparison.Ordinal));

        const string Told = "AWS refused: s3 ListObjectsV2 said AccessDenied.";
        status.ShouldContain($"Failed: {Told}");
        _stage.Aws.Slack.Posts[^1].Json.ShouldContain(Told);
        _stage.Aws.Slack.Posts.ShouldNotContain(p => p.Json.Contains("123456789012", StringComparison.Ordinal));
        serve.Written.ShouldContain("arn:aws:iam::123456789012:user/x");
    }

    private async Task ShowAsync(Dictionary<string, string> environment)
    {
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment);
        SlackForm form = _stage.Form();
        long begun = TimeProvider.System.GetTimestamp();
        string answer = await _stage.PostAsync(serve, form);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(SlackWaits);
        await _stage.ToldAsync(answer, form);

        EmulatedBatchJob job = await _stage.WaitForJobAsync("logs-");
        _stage.ShouldKeepSecrets(serve, job, form);
        await _stage.ReadZipAsync(SlackStage.Link((await _stage.WaitForPostAsync("complete")).Json), "telemetry", "command");

        IReadOnlyList<ReceivedSlackPost> posts = _stage.Aws.Slack.Posts;
        posts.Count.ShouldBeInRange(2, 5);
        posts.ShouldAllBe(p => p.Error == null);
        posts.First(p => !p.Json.Contains("Generating", StringComparison.Ordinal)).Json.ShouldContain("Output Progress: 10%");
        posts[^1].Json.ShouldContain("Output Progress: 100%");
        posts[^1].Json.ShouldContain("The download link is valid for up to 60 minutes.");

        // The first link makes the server load the S3 SDK, which on a busy machine takes longer than an answer may.
        SlackForm link = _stage.Form() with { Text = $"link {job.JobName}" };
        string again = await _stage.PostAsync(serve, link);
        again = again.Contains("has arrived", StringComparison.Ordinal) ? (await _stage.WaitForPostAsync("X-Amz-", link.ResponseUrl)).Json : again;
        again.ShouldContain("X-Amz-Signature=");
    }
}
