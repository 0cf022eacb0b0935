using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Jobs;

public sealed class BatchRetryTests
{
    private static readonly LogExportRequest Request = new()
    {
        Identifier = "THING00001",
        Categories = ["telemetry"],
        Date = new DateOnly(2023, 10, 1),
        Id = "iot-log-1f0c",
    };

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(0.0, null, new[] { 0, 0, 0, 0 })]
    [InlineData(0.5, null, new[] { 500, 1_000, 2_000, 2_500 })] // bounds of 1, 2, 4 and at most 5 s
    [InlineData(0.9, null, new[] { 900, 1_800, 3_600, 4_500 })]
    [InlineData(0.5, 2, new[] { 2_000, 2_000, 2_000, 2_500 })] // AWS Batch asks for more than the first bounds
    [InlineData(0.5, 3_600, new[] { 5_000, 5_000, 5_000, 5_000 })] // but is not waited for that long
    public async Task A_submission_is_repeated_after_a_wait_with_full_jitter(double random, int? retryAfterSeconds, int[] waits)
    {
        using var batch = new StubHttpHandler(asked => asked.Message.RequestUri!.AbsolutePath is "/v1/listjobs"
            ? Answer(HttpStatusCode.OK, """{"jobSummaryList":[]}""", null)
            : Answer(HttpStatusCode.ServiceUnavailable, "", retryAfterSeconds));
        using BatchExportJobs jobs = Jobs(batch, random);

        Task<ExportJob> submission = jobs.SubmitAsync(Request, TestContext.Current.CancellationToken);

        for (int i = 0; i < waits.Length; i++)
        {
            if (waits[i] > 0)
            {
                Submissions(batch).ShouldBe(i + 1);
                _time.Advance(TimeSpan.FromMilliseconds(waits[i] - 1));
                Submissions(batch).ShouldBe(i + 1, $"wait {i} is too short");
                _time.Advance(TimeSpan.FromMilliseconds(1));
                Submissions(batch).ShouldBe(i + 2, $"wait {i} is too long");
            }
        }

        Submissions(batch).ShouldBe(waits.Length + 1);
        submission.IsCompleted.ShouldBeTrue();
        (await Should.ThrowAsync<AwsException>(submission)).IsTransient.ShouldBeTrue();
    }

    private static int Submissions(StubHttpHandler batch) => batch.Requests.Count(r => r.Message.RequestUri!.AbsolutePath is "/v1/submitjob");

    private static HttpResponseMessage Answer(HttpStatusCode status, string body, int? retryAfterSeconds)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        response.Headers.RetryAfter = retryAfterSeconds is { } s ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(s)) : null;
        return response;
    }

    private BatchExportJobs Jobs(StubHttpHandler batch, double random) => new(
        new BatchExportJobsOptions
        {
            Region = "eu-west-1",
            JobQueue = "slack",
            JobDefinition = "iot-log-export",
            Credentials = new BasicAWSCredentials("AKIDEXAMPLE", "secret"),
            Endpoint = new Uri("https://batch.test/"),
            Transport = batch,
            Retry = new AwsRetryOptions { MaxAttempts = 5, BaseDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(5) },
            TimeProvider = _time,
        },
        () => random);
}
