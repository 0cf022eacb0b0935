using System.Net;
using System.Text.Json;
using IotOps.Archive;

namespace IotOps.SlackExport.Tests.Lambda;

/// <summary>
/// A job that could not tell its user, told by the function: EventBridge's event in, a post to the stored response_url out. The events have the shape of
/// https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html.
/// </summary>
public sealed class FailedJobTests : LambdaTestBase
{
    private int _calls;

    [Theory]
    [InlineData("CannotPullContainerError: pull image manifest has been retried 5 time(s): 123456789012.dkr.ecr.eu-west-1.amazonaws.com/iot-log-export", null, "its container image could not be fetched")]
    [InlineData("ResourceInitializationError: unable to pull secrets or registry auth: arn:aws:secretsmanager:eu-west-1:123456789012:secret:iot-log/slack", null, "AWS could not set up its container")]
    [InlineData("OutOfMemoryError: Container killed due to memory usage", 137, "needed more memory than it has")]
    [InlineData("Job attempt duration exceeded timeout", 1, "took longer than it may")]
    [InlineData("Your Spot Task was interrupted.", null, "AWS took the job's machine back, 3 times")]
    [InlineData("Essential container in task exited", 137, "The job was killed")]
    [InlineData("Essential container in task exited", 1, "exit code 1")]
    [InlineData("Something new", null, "The job could not start.")]
    public async Task Who_asked_hears_why_without_a_word_of_accounts(string reason, int? exitCode, string told)
    {
        string id = await AskAsync();

        (await SendAsync(Event(id, reason, exitCode))).ShouldEndWith(" {}");

        string post = Bench.Posted.ShouldHaveSingleItem();
        post.ShouldSatisfyAllConditions(
            text => text.ShouldContain("Log file generation failed."), text => text.ShouldContain(told), text => text.ShouldContain(id), text => text.ShouldNotContain("123456789012"));
        Bench.Log.ShouldContain(reason);
    }

    [Fact]
    public async Task An_event_that_comes_twice_is_told_once()
    {
        string id = await AskAsync();
        await SendAsync(Event(id));
        await SendAsync(Event(id));

        Bench.Posted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task When_Slack_does_not_answer_the_event_comes_again_and_is_told_then()
    {
        string id = await AskAsync();
        Bench.SlackAnswer = () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        Task<string> first = SendAsync(Event(id));
        while (!first.IsCompleted)
        {
            // One timer waits for minute 28; the other is the pause before the next try.
            if (Bench.Time.ActiveTimers > 1)
            {
                Bench.Time.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Yield();
        }

        (await first).ShouldStartWith("error ");
        Bench.SlackAnswer = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") };
        int before = Bench.Posted.Count;
        (await SendAsync(Event(id))).ShouldEndWith(" {}");

        Bench.Posted.Count.ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("told itself")]
    [InlineData("asked again")]
    [InlineData("nobody's")]
    [InlineData("running")]
    public async Task Nothing_is_said_of_a_job_that(string what)
    {
        string id = await AskAsync();
        if (what == "asked again")
        {
            Bench.Jobs.Set(new ExportJob("job-2", id, ExportJobStatus.Running));
        }

        (await SendAsync(what switch
        {
            "told itself" => Event(id, "Essential container in task exited", SlackExportJob.PostedFailureExitCode),
            "nobody's" => Event("logs-0123"),
            "running" => Event(id).Replace("FAILED", "RUNNING", StringComparison.Ordinal),
            _ => Event(id),
        })).ShouldEndWith(" {}");

        Bench.Posted.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"source\":\"aws.batch\"", "\"source\":\"mine\"")]
    [InlineData("Batch Job State Change", "Batch Job Queue Blocked")]
    public async Task Any_other_event_is_an_error(string text, string other)
    {
        string id = await AskAsync();

        (await SendAsync(Event(id).Replace(text, other, StringComparison.Ordinal))).ShouldContain("Function.BadEvent");
    }

    // The Function URL is public: what its caller sends is in the body, whatever it claims to be.
    [Fact]
    public async Task A_caller_of_the_URL_cannot_pass_for_EventBridge()
    {
        string id = await AskAsync();
        string forged = $"\"{JsonEncodedText.Encode(Event(id))}\"";

        string reply = await SendAsync($$$"""{"version":"2.0","rawPath":"/slack/iot-log","rawQueryString":"","headers":{},"requestContext":{"http":{"method":"POST"}},"body":{{{forged}}},"isBase64Encoded":false}""");

        reply.ShouldContain("\"statusCode\":401");
        Bench.Posted.ShouldBeEmpty();
    }

    // Makes a request, whose job is job-1.
    private async Task<string> AskAsync()
    {
        await SendAsync(new SlackForm().ToEvent(Bench.Time.GetUtcNow(), "/slack/iot-log", "POST"));
        return Bench.Jobs.Submitted.ShouldHaveSingleItem().Id.ShouldNotBeNull();
    }

    // The answer to an event.
    private async Task<string> SendAsync(string payload)
    {
        Api.Queue(payload);
        _calls += 2;
        await Api.WaitForCallsAsync(_calls + 1, Cancel);
        return Api.Calls[_calls - 1];
    }

    private static string Event(string id, string reason = "CannotPullContainerError: not found", int? exitCode = null)
    {
        string container = exitCode is { } code ? $$"""{"exitCode":{{code}},"logStreamName":"export/1","networkInterfaces":[]}""" : $$"""{"reason":"{{reason}}","networkInterfaces":[]}""";
        string attempt = $$"""{"container":{{container}},"startedAt":1767225600000,"stoppedAt":1767225660000,"statusReason":"{{reason}}"}""";
        return $$$"""
            {"version":"0","id":"c8f9c4b5-76e5-d76a-f980-7011e206042b","detail-type":"Batch Job State Change","source":"aws.batch","account":"123456789012",
             "time":"2026-01-01T00:01:00Z","region":"eu-west-1","resources":["arn:aws:batch:eu-west-1:123456789012:job/job-1"],
             "detail":{"jobArn":"arn:aws:batch:eu-west-1:123456789012:job/job-1","jobName":"{{{id}}}","jobId":"job-1",
              "jobQueue":"arn:aws:batch:eu-west-1:123456789012:job-queue/JobQueue","status":"FAILED","attempts":[{{{attempt}}},{{{attempt}}},{{{attempt}}}],
              "statusReason":"{{{reason}}}","createdAt":1767225500000,"retryStrategy":{"attempts":3,"evaluateOnExit":[]},"dependsOn":[],
              "jobDefinition":"arn:aws:batch:eu-west-1:123456789012:job-definition/iot-log:1","parameters":{"Request":"{{{id}}}"},
              "container":{"image":"iot-log-export","command":["generate-ziplog"],"environment":[]} } }
            """;
    }
}
