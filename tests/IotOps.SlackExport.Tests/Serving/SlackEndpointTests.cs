using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.SlackExport.Requests;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Serving;

public sealed class SlackEndpointTests : IAsyncLifetime
{
    private SlackBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await SlackBench.StartAsync(limit: 4);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_signed_command_becomes_one_job_and_an_answer_in_the_users_words()
    {
        SlackReply reply = await _bench.PostAsync(new SlackForm());

        reply.Status.ShouldBe(200);
        LogExportRequest submitted = _bench.Jobs.Submitted.ShouldHaveSingleItem();
        submitted.ShouldSatisfyAllConditions(
            x => x.Identifier.ShouldBe("THING00001"),
            x => x.Categories.ShouldBe(["telemetry", "command"]),
            x => x.Date.ShouldBe(new DateOnly(2023, 10, 1)),
            x => x.LastDate.ShouldBeNull(),
            x => x.Id!.ShouldStartWith("logs-"));
        SlackBench.Shown(reply.Body).ShouldBe(
            $"""
            Target Identifier: THING00001
            Log Category: telemetry,command
            Specified Log Date: 2023/10/01
            Generating log file...
            2023-10-01 00:00 to 2023-10-02 00:00 UTC
            `/iot-log status {submitted.Id}`
            """);
        _bench.Slack.Requests.ShouldBeEmpty();
        _bench.Jobs.Looks.ShouldBe(0, "who stored the request is the only one to submit it");
    }

    [Fact]
    public async Task The_same_command_at_once_and_again_is_one_job()
    {
        SlackReply[] replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _bench.PostAsync(new SlackForm { Text = "THING00001   telemetry,command  2023-10-01" + new string(' ', i) })));
        _bench.Time.Advance(TimeSpan.FromMinutes(14));
        SlackReply again = await _bench.PostAsync(new SlackForm());

        _bench.Jobs.Submitted.Count.ShouldBe(1);
        replies.Count(r => SlackBench.Shown(r.Body).Contains("Generating log file...", StringComparison.Ordinal)).ShouldBe(1);
        SlackBench.Shown(again.Body).ShouldContain("is being generated already");
    }

    [Theory]
    [InlineData(14, 1, 1)]
    [InlineData(14, 3, 2)]
    public async Task The_same_command_soon_after_is_one_job_though_a_new_window_has_begun(int begun, int later, int jobs)
    {
        _bench.Time.Advance(TimeSpan.FromMinutes(begun));
        await _bench.PostAsync(new SlackForm());
        _bench.Time.Advance(TimeSpan.FromMinutes(later));
        await _bench.PostAsync(new SlackForm());

        _bench.Jobs.Submitted.Count.ShouldBe(jobs);
    }

    [Fact]
    public async Task Another_user_another_day_and_another_quarter_of_an_hour_are_other_jobs()
    {
        await _bench.PostAsync(new SlackForm());
        await _bench.PostAsync(new SlackForm { User = "U1" });
        await _bench.PostAsync(new SlackForm { Text = "THING00001 telemetry,command 2023/09/30" });
        _bench.Time.Advance(TimeSpan.FromMinutes(16));
        await _bench.PostAsync(new SlackForm());

        _bench.Jobs.Submitted.Select(r => r.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_job_that_failed_is_submitted_again_by_the_one_who_asks_first()
    {
        await _bench.PostAsync(new SlackForm());
        _bench.Jobs.Set(new ExportJob("job-1", _bench.Jobs.Submitted[0].Id!, ExportJobStatus.Failed));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + new string(' ', i) })));

        _bench.Jobs.Submitted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_is_run_again_answers_to_the_newer_command()
    {
        await _bench.PostAsync(new SlackForm());
        string id = _bench.Jobs.Submitted[0].Id!;
        _bench.Jobs.Set(new ExportJob("job-1", id, ExportJobStatus.Failed));
        _bench.Time.Advance(TimeSpan.FromMinutes(4));

        await _bench.PostAsync(new SlackForm { ResponseUrl = "https://hooks.slack.com/commands/T0001/5678/ghijkl" });

        StoredRequest asked = (await _bench.Requests.FindAsync(id, Cancel))!;
        asked.ResponseUrl.AbsoluteUri.ShouldBe("https://hooks.slack.com/commands/T0001/5678/ghijkl");
        asked.ReceivedAt.ShouldBe(_bench.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_repetition_that_AWS_refuses_may_be_asked_again()
    {
        await _bench.PostAsync(new SlackForm());
        _bench.Jobs.Set(new ExportJob("job-1", _bench.Jobs.Submitted[0].Id!, ExportJobStatus.Failed));
        _bench.Jobs.Failure = new AwsException("batch SubmitJob was refused") { Service = "batch", Operation = "SubmitJob", Code = "ClientException" };
        SlackReply refused = await _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + " " });
        _bench.Jobs.Failure = null;
        SlackReply again = await _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + "  " });

        SlackBench.Shown(refused.Body).ShouldContain("ClientException");
        SlackBench.Shown(again.Body).ShouldContain("Generating log file...");
        _bench.Jobs.Submitted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_submission_whose_answer_was_lost_is_repeated_only_after_a_minute_without_its_job()
    {
        _bench.Jobs.Failure = new AwsException("batch SubmitJob got no answer") { Service = "batch", Operation = "SubmitJob", Code = "NetworkError", IsTransient = true };
        SlackReply refused = await _bench.PostAsync(new SlackForm());
        _bench.Jobs.Failure = null;
        SlackReply soon = await _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + " " });
        int submittedSoon = _bench.Jobs.Submitted.Count;
        _bench.Time.Advance(TimeSpan.FromSeconds(61));
        SlackReply later = await _bench.PostAsync(new SlackForm());

        SlackBench.Shown(refused.Body).ShouldBe("AWS refused: batch SubmitJob said NetworkError. Please ask again in a minute.");
        SlackBench.Shown(soon.Body).ShouldContain("came a moment ago");
        submittedSoon.ShouldBe(0);
        SlackBench.Shown(later.Body).ShouldContain("Generating log file...");
        _bench.Jobs.Submitted.Count.ShouldBe(1);
        _bench.Jobs.Looks.ShouldBe(3, "each repetition looks, and so does a submission that is not the first");
    }

    [Fact]
    public async Task A_job_that_AWS_Batch_has_forgotten_is_run_again()
    {
        await _bench.PostAsync(new SlackForm());
        _bench.Jobs.ForgetAll();
        _bench.Time.Advance(TimeSpan.FromMinutes(2));

        SlackReply[] replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + new string(' ', i) })));

        _bench.Jobs.Submitted.Count.ShouldBe(2);
        replies.Count(r => SlackBench.Shown(r.Body).Contains("Generating log file...", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_export_that_is_done_is_not_made_again()
    {
        await _bench.PostAsync(new SlackForm());
        string id = _bench.Jobs.Submitted[0].Id!;
        _bench.Jobs.Set(new ExportJob("job-1", id, ExportJobStatus.Succeeded));

        SlackReply again = await _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + " " });

        SlackBench.Shown(again.Body).ShouldContain($"Is done: /iot-log link {id}");
        _bench.Jobs.Submitted.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://hooks.slack.com.evil.test/commands/1")]
    [InlineData("http://hooks.slack.com/commands/1")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    public async Task A_response_url_elsewhere_is_refused_and_nothing_is_begun_or_sent(string url)
    {
        SlackReply reply = await _bench.PostAsync(new SlackForm { ResponseUrl = url });

        reply.Status.ShouldBe(400);
        _bench.Jobs.Submitted.ShouldBeEmpty();
        _bench.Slack.Requests.ShouldBeEmpty();
        _bench.Emulator.S3.Keys(SlackBench.Bucket).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_without_a_fresh_signature_of_Slack_is_refused()
    {
        byte[] body = new SlackForm().ToBytes();
        DateTimeOffset now = _bench.Time.GetUtcNow();
        var good = SlackForm.Sign(body, now);

        (await _bench.Endpoint.HandleAsync(SlackForm.Sign(body, now, "another"), body, 0)).Status.ShouldBe(401);
        (await _bench.Endpoint.HandleAsync(SlackForm.Sign(body, now - TimeSpan.FromMinutes(6)), body, 0)).Status.ShouldBe(401);
        (await _bench.Endpoint.HandleAsync(new(null, null), body, 0)).Status.ShouldBe(401);
        (await _bench.Endpoint.HandleAsync(good, body, 0)).Status.ShouldBe(200);
        (await _bench.Endpoint.HandleAsync(good, body, 0)).Status.ShouldBe(401, "a copy of a request");
        _bench.Jobs.Submitted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_command_is_acknowledged_after_2_s_and_its_outcome_is_posted_later()
    {
        var gate = new TaskCompletionSource();
        _bench.Jobs.Gate = gate.Task;

        Task<SlackReply> post = _bench.PostAsync(new SlackForm());
        post.IsCompleted.ShouldBeFalse();
        _bench.Time.Advance(SlackEndpoint.AnswerWithin);
        SlackReply reply = await post;
        _bench.Slack.Requests.ShouldBeEmpty();
        gate.SetResult();
        await _bench.InFlight.WhenLateWorkIsDoneAsync(Cancel);

        SlackBench.Shown(reply.Body).ShouldContain("has arrived");
        _bench.Posted.ShouldHaveSingleItem().ShouldContain("Generating log file...");
        _bench.Slack.Requests[0].Message.RequestUri!.AbsoluteUri.ShouldBe(new SlackForm().ResponseUrl);
    }

    [Fact]
    public async Task A_first_use_that_blocks_its_thread_delays_the_outcome_not_the_answer()
    {
        using var opened = new ManualResetEventSlim();
        bool waitedForTheAnswer = true;
        _bench.Opening = () => waitedForTheAnswer = opened.Wait(TimeSpan.FromSeconds(10), Cancel);

        Task<SlackReply> post = _bench.PostAsync(new SlackForm());
        _bench.Time.Advance(SlackEndpoint.AnswerWithin);
        SlackReply reply = await post;
        opened.Set();
        await _bench.InFlight.WhenLateWorkIsDoneAsync(Cancel);

        waitedForTheAnswer.ShouldBeTrue("the answer was there while it was blocked");
        SlackBench.Shown(reply.Body).ShouldContain("has arrived");
        _bench.Posted.ShouldHaveSingleItem().ShouldContain("Generating log file...");
    }

    [Fact]
    public async Task An_unexpected_failure_is_posted_even_when_it_comes_late()
    {
        var gate = new TaskCompletionSource();
        _bench.Jobs.Gate = gate.Task;
        _bench.Jobs.Failure = new InvalidOperationException("There is no region.");

        Task<SlackReply> post = _bench.PostAsync(new SlackForm());
        _bench.Time.Advance(SlackEndpoint.AnswerWithin);
        await post;
        gate.SetResult();
        await _bench.InFlight.WhenLateWorkIsDoneAsync(Cancel);

        _bench.Posted.ShouldHaveSingleItem().ShouldStartWith("Your command could not be carried out.");
        _bench.Log.ShouldContain("There is no region.");
    }

    [Fact]
    public async Task A_late_refusal_is_posted_nowhere()
    {
        byte[] body = new SlackForm().ToBytes();

        SlackReply reply = await _bench.Endpoint.HandleAsync(SlackForm.Sign(body, _bench.Time.GetUtcNow(), "another"), body, arrivedAt: -TimeSpan.FromMinutes(1).Ticks);
        await _bench.InFlight.WhenLateWorkIsDoneAsync(Cancel);

        reply.Status.ShouldBe(401);
        _bench.Slack.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_of_AWS_is_shown_by_its_code_and_the_command_may_be_repeated()
    {
        _bench.Jobs.Failure = new AwsException("batch SubmitJob at 123456789012 was refused") { Service = "batch", Operation = "SubmitJob", Code = "ClientException" };
        SlackReply refused = await _bench.PostAsync(new SlackForm());
        _bench.Jobs.Failure = null;
        SlackReply again = await _bench.PostAsync(new SlackForm { Text = new SlackForm().Text + " " });

        SlackBench.Shown(refused.Body).ShouldBe("AWS refused: batch SubmitJob said ClientException. Please tell whoever runs this app.");
        SlackBench.Shown(again.Body).ShouldContain("Generating log file...");
        _bench.Log.ShouldContain("123456789012");
    }

    [Fact]
    public async Task A_failing_S3_is_an_answer_too()
    {
        using FaultHandle down = _bench.Emulator.Faults.Add(new Fault { Operation = "PutObject", Status = 503, Code = "SlowDown" });

        SlackReply reply = await _bench.PostAsync(new SlackForm());

        SlackBench.Shown(reply.Body).ShouldBe("AWS refused: s3 PutObject said SlowDown. Please ask again in a minute.");
        _bench.Jobs.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_beyond_the_limit_in_flight_is_turned_away()
    {
        var gate = new TaskCompletionSource();
        _bench.Jobs.Gate = gate.Task;
        Task<SlackReply>[] posts = [.. Enumerable.Range(1, 4).Select(i => _bench.PostAsync(new SlackForm { User = $"U{i}" }))];

        SlackReply fifth = await _bench.PostAsync(new SlackForm { User = "U5" });
        gate.SetResult();
        await Task.WhenAll(posts);

        SlackBench.Shown(fifth.Body).ShouldStartWith("Too many commands");
        _bench.InFlight.TurnedAway.ShouldBe(1);
        SlackBench.Shown((await _bench.PostAsync(new SlackForm { User = "U5" })).Body).ShouldContain("Generating");
    }

    [Fact]
    public async Task A_wrong_command_is_answered_with_the_right_one()
    {
        SlackReply reply = await _bench.PostAsync(new SlackForm { Text = "THING00001 telemetrie 2023/10/01" });

        SlackBench.Shown(reply.Body).ShouldContain("/iot-log THING00001 telemetry 2023/10/01");
        _bench.Jobs.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_is_help()
    {
        SlackBench.Shown((await _bench.PostAsync(new SlackForm { Text = "help" })).Body).ShouldContain("IDENTIFIER CATEGORY");
        SlackBench.Shown((await _bench.PostAsync(new SlackForm { Text = "" })).Body).ShouldContain("IDENTIFIER CATEGORY");
    }

    [Fact]
    public async Task Status_shows_the_state_of_the_job()
    {
        await _bench.PostAsync(new SlackForm());
        string id = _bench.Jobs.Submitted[0].Id!;

        SlackBench.Shown((await StatusAsync("status", id)).Body).ShouldEndWith("Waits for its turn.");
        _bench.Jobs.Set(new ExportJob("job-1", id, ExportJobStatus.Running));
        SlackBench.Shown((await StatusAsync("status ", id)).Body).ShouldEndWith("Is being generated.");
        _bench.Jobs.Set(new ExportJob("job-1", id, ExportJobStatus.Failed) { Reason = "Host EC2 (instance i-1) terminated." });
        SlackBench.Shown((await StatusAsync("status  ", id)).Body).ShouldEndWith("Failed: Host EC2 (instance i-1) terminated.");
        SlackBench.Shown((await StatusAsync("status", "logs-0000000000000000")).Body).ShouldStartWith("There is no request logs-0000000000000000");
    }

    [Fact]
    public async Task The_log_names_no_secret_and_no_response_url()
    {
        await _bench.PostAsync(new SlackForm());
        await _bench.PostAsync(new SlackForm { ResponseUrl = "https://elsewhere.test/commands/abcdef" });
        _bench.Jobs.Failure = new IOException("unforeseen");
        await _bench.PostAsync(new SlackForm { User = "U9" });

        _bench.Log.ShouldContain("THING00001");
        _bench.Log.ShouldContain("unforeseen");
        _bench.Log.ShouldNotContain(SlackForm.Secret);
        _bench.Log.ShouldNotContain("gIkuvaNzQIHg97ATvDxqgjtO");
        _bench.Log.ShouldNotContain("commands/");
        _bench.Log.ShouldNotContain("13345224609");
        (await _bench.Requests.FindAsync(_bench.Jobs.Submitted[0].Id!, Cancel))!.ToString().ShouldBe("THING00001 telemetry,command 2023/10/01");
    }

    private Task<SlackReply> StatusAsync(string word, string id) => _bench.PostAsync(new SlackForm { Text = $"{word} {id}" });
}
