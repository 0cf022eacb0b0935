using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Jobs;

public sealed class BatchExportJobsTests : IDisposable
{
    private static readonly LogExportRequest Request = new()
    {
        Identifier = "THING00001",
        Categories = ["telemetry", "command"],
        Date = new DateOnly(2023, 10, 1),
        Id = "iot-log-1f0c",
    };

    private readonly ManualTimeProvider _time = new();
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();
    private readonly StubHttpHandler _batch;
    private readonly BatchExportJobs _jobs;

    public BatchExportJobsTests()
    {
        _batch = new StubHttpHandler(_ => _answers.Dequeue()());
        _jobs = new BatchExportJobs(new BatchExportJobsOptions
        {
            Region = "eu-west-1",
            JobQueue = "slack",
            JobDefinition = "iot-log-export",
            Credentials = new BasicAWSCredentials("AKIDEXAMPLE", "secret"),
            Endpoint = new Uri("https://batch.test/"),
            Transport = _batch,
            Retry = new AwsRetryOptions { MaxAttempts = 3, BaseDelay = TimeSpan.Zero },
            TimeProvider = _time,
        });
    }

    public void Dispose()
    {
        _jobs.Dispose();
        _batch.Dispose();
    }

    [Fact]
    public async Task A_job_is_submitted_under_the_requests_id_with_what_its_command_refers_to()
    {
        Answer(200, """{"jobSummaryList":[]}""");
        Answer(200, """{"jobArn":"arn:aws:batch:eu-west-1:1:job/4c3","jobName":"iot-log-1f0c","jobId":"4c3"}""");

        ExportJob job = await _jobs.SubmitAsync(Request, TestContext.Current.CancellationToken);

        job.ShouldBe(new ExportJob("4c3", "iot-log-1f0c", ExportJobStatus.Waiting));
        Asked().ShouldBe(
        [
            """POST https://batch.test/v1/listjobs {"jobQueue":"slack","filters":[{"name":"JOB_NAME","values":["iot-log-1f0c"]}]}""",
            """POST https://batch.test/v1/submitjob {"jobName":"iot-log-1f0c","jobQueue":"slack","jobDefinition":"iot-log-export","parameters":{"Identifier":"THING00001","Category":"telemetry,command","Date":"2023/10/01","Request":"iot-log-1f0c"}}""",
        ]);
        _batch.Requests[1].Header("Authorization")!.ShouldStartWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231001/eu-west-1/batch/aws4_request");
        _batch.Requests[1].Header("Content-Type").ShouldBe("application/json");
    }

    [Fact]
    public async Task What_a_definition_has_no_parameters_for_is_in_a_command_of_its_own()
    {
        Answer(200, """{"jobSummaryList":[]}""");
        Answer(200, """{"jobName":"a","jobId":"4c3"}""");

        await _jobs.SubmitAsync(
            Request with
            {
                OtherIdentifiers = ["THING00002"],
                TimeZone = "Europe/Berlin",
                FromTime = new TimeOnly(8, 0),
                Contains = "-x",
                Matches = "a+",
                KeepUnreadable = true,
            },
            TestContext.Current.CancellationToken);

        Asked()[1].ShouldContain("""Identifier":"THING00001,THING00002","Category""");
        Asked()[1].ShouldEndWith(
            """containerOverrides":{"command":["generate-ziplog","--identifier","THING00001,THING00002","--category","telemetry,command","--date","2023/10/01","--request","iot-log-1f0c","--time-zone","Europe/Berlin","--hours","08:00:00..","--contains","-x","--matches","a\u002B","--keep-unreadable"]}}""");
    }

    [Fact]
    public async Task A_range_is_written_as_the_command_reads_it()
    {
        Answer(200, """{"jobSummaryList":[]}""");
        Answer(200, """{"jobName":"a","jobId":"4c3"}""");

        await _jobs.SubmitAsync(Request with { LastDate = new DateOnly(2023, 10, 3) }, TestContext.Current.CancellationToken);

        Asked()[1].ShouldContain("""
            "Date":"2023/10/01..2023/10/03"
            """.Trim());
    }

    [Theory]
    [InlineData("SUBMITTED", ExportJobStatus.Waiting)]
    [InlineData("STARTING", ExportJobStatus.Waiting)]
    [InlineData("RUNNING", ExportJobStatus.Running)]
    [InlineData("SUCCEEDED", ExportJobStatus.Succeeded)]
    public async Task A_job_of_that_name_is_the_answer_and_nothing_is_submitted(string status, ExportJobStatus expected)
    {
        Answer(200, $$"""{"jobSummaryList":[{"jobArn":"arn","jobId":"4c3","jobName":"iot-log-1f0c","createdAt":1696161600000,"status":"{{status}}","container":{"exitCode":0} }]}""");

        ExportJob job = await _jobs.SubmitAsync(Request, TestContext.Current.CancellationToken);

        job.ShouldBe(new ExportJob("4c3", "iot-log-1f0c", expected));
        _batch.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_job_and_one_of_another_name_do_not_count()
    {
        Answer(200, """{"jobSummaryList":[{"jobId":"1","jobName":"iot-log-1f0c","status":"FAILED"},{"jobId":"2","jobName":"IOT-LOG-1F0C","status":"RUNNING"}]}""");
        Answer(200, """{"jobName":"iot-log-1f0c","jobId":"3"}""");

        (await _jobs.SubmitAsync(Request, TestContext.Current.CancellationToken)).Id.ShouldBe("3");
    }

    [Fact]
    public async Task A_submission_whose_answer_was_lost_is_found_not_repeated()
    {
        Answer(200, """{"jobSummaryList":[]}""");
        _answers.Enqueue(() => throw new HttpRequestException("The response ended prematurely."));
        Answer(200, """{"jobSummaryList":[{"jobId":"4c3","jobName":"iot-log-1f0c","status":"SUBMITTED"}]}""");

        ExportJob job = await _jobs.SubmitAsync(Request, TestContext.Current.CancellationToken);

        job.Id.ShouldBe("4c3");
        Asked().Count(asked => asked.Contains("/v1/submitjob", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_new_one_is_submitted_without_looking()
    {
        Answer(200, """{"jobName":"iot-log-1f0c","jobId":"4c3"}""");

        (await _jobs.SubmitNewAsync(Request, TestContext.Current.CancellationToken)).Id.ShouldBe("4c3");
        Asked().ShouldHaveSingleItem().ShouldContain("/v1/submitjob");
    }

    [Fact]
    public async Task A_new_one_whose_answer_was_lost_is_looked_for_before_it_is_repeated()
    {
        _answers.Enqueue(() => throw new HttpRequestException("The response ended prematurely."));
        Answer(200, """{"jobSummaryList":[{"jobId":"4c3","jobName":"iot-log-1f0c","status":"SUBMITTED"}]}""");

        (await _jobs.SubmitNewAsync(Request, TestContext.Current.CancellationToken)).Id.ShouldBe("4c3");
        Asked().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_names_the_operation_and_the_code()
    {
        Answer(200, """{"jobSummaryList":[]}""");
        Answer(400, """{"message":"JobQueue slack not found"}""", "ClientException");

        AwsException e = await Should.ThrowAsync<AwsException>(() => _jobs.SubmitAsync(Request, TestContext.Current.CancellationToken));

        e.ShouldSatisfyAllConditions(
            x => x.Code.ShouldBe("ClientException"),
            x => x.Operation.ShouldBe("SubmitJob"),
            x => x.IsTransient.ShouldBeFalse(),
            x => x.Message.ShouldContain("JobQueue slack not found"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-starts-with-a-dash")]
    [InlineData("has space")]
    public async Task What_cannot_name_a_job_is_refused_before_anything_is_sent(string? id)
    {
        await Should.ThrowAsync<ArgumentException>(() => _jobs.SubmitAsync(Request with { Id = id }, TestContext.Current.CancellationToken));
        _batch.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task How_a_job_is_is_read_with_the_reason_for_it()
    {
        Answer(200, """{"jobSummaryList":[{"container":{"exitCode":1},"jobId":"4c3","jobName":"n","status":"FAILED","statusReason":"Essential container in task exited"},{"jobId":"4c2","jobName":"n","status":"FAILED"}]}""");

        ExportJob? job = await _jobs.FindAsync("n", TestContext.Current.CancellationToken);

        job.ShouldBe(new ExportJob("4c3", "n", ExportJobStatus.Failed) { Reason = "Essential container in task exited" });
        Asked().ShouldBe(["""POST https://batch.test/v1/listjobs {"jobQueue":"slack","filters":[{"name":"JOB_NAME","values":["n"]}]}"""]);
    }

    [Fact]
    public async Task A_job_that_lives_counts_more_than_a_newer_one_that_failed()
    {
        Answer(200, """{"jobSummaryList":[{"jobId":"2","jobName":"n","status":"FAILED"},{"jobId":"1","jobName":"n","status":"RUNNING"}]}""");

        (await _jobs.FindAsync("n", TestContext.Current.CancellationToken)).ShouldBe(new ExportJob("1", "n", ExportJobStatus.Running));
    }

    [Theory]
    [InlineData("""{"jobSummaryList":[]}""")]
    [InlineData("""{"jobSummaryList":[{"jobId":"1","jobName":"N","status":"RUNNING"}]}""")]
    public async Task A_job_that_was_forgotten_or_has_another_name_is_null(string jobs)
    {
        Answer(200, jobs);

        (await _jobs.FindAsync("n", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_is_ended_whether_it_waits_or_runs()
    {
        Answer(200, "{}");

        await _jobs.CancelAsync("4c3", "asked for in Slack", TestContext.Current.CancellationToken);

        Asked().ShouldBe(["""POST https://batch.test/v1/terminatejob {"jobId":"4c3","reason":"asked for in Slack"}"""]);
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("{}")]
    [InlineData("""{"jobId":7}""")]
    public async Task An_answer_that_is_not_Batchs_is_said_to_be_none(string body)
    {
        Answer(200, """{"jobSummaryList":[]}""");
        Answer(200, body);

        AwsException e = await Should.ThrowAsync<AwsException>(() => _jobs.SubmitAsync(Request, TestContext.Current.CancellationToken));

        e.Code.ShouldBe("InvalidAnswer");
    }

    private void Answer(int status, string body, string? error = null) => _answers.Enqueue(() =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        if (error is not null)
        {
            response.Headers.Add("x-amzn-ErrorType", error);
        }

        return response;
    });

    private List<string> Asked() =>
        [.. _batch.Requests.Select(r => $"{r.Message.Method} {r.Message.RequestUri} {Encoding.UTF8.GetString(r.Body)}")];
}
