using System.Text.Json;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Lambda;

public sealed class LambdaLoopTests : LambdaTestBase
{
    [Fact]
    public async Task A_command_is_answered_through_the_runtime_api()
    {
        Api.Queue(Event(new SlackForm()));
        await Api.WaitForCallsAsync(3, Cancel);

        Api.Calls[0].ShouldBe("next");
        Api.Calls[1].ShouldStartWith("response 1 ");
        Api.Calls[2].ShouldBe("next");
        using JsonDocument reply = JsonDocument.Parse(Api.Calls[1]["response 1 ".Length..]);
        reply.RootElement.GetProperty("statusCode").GetInt32().ShouldBe(200);
        reply.RootElement.GetProperty("headers").GetProperty("content-type").GetString().ShouldBe("application/json; charset=utf-8");
        reply.RootElement.GetProperty("body").GetString()!.ShouldContain("Generating log file...");
        Bench.Jobs.Submitted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_event_is_requested_only_when_late_work_is_done()
    {
        var gate = new TaskCompletionSource();
        Bench.Jobs.Gate = gate.Task;
        Api.DeadlineMs = int.MaxValue;
        Api.Queue(Event(new SlackForm()));
        while (Bench.Time.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        Bench.Time.Advance(SlackEndpoint.AnswerWithin);
        await Api.WaitForCallsAsync(2, Cancel);
        Api.Calls[1].ShouldContain("has arrived");
        Api.Calls.Count.ShouldBe(2);
        Bench.Posted.ShouldBeEmpty();
        gate.SetResult();
        await Api.WaitForCallsAsync(3, Cancel);

        Api.Calls[2].ShouldBe("next");
        Bench.Posted.ShouldHaveSingleItem().ShouldContain("Generating log file...");
    }

    [Fact]
    public async Task An_event_that_is_not_a_request_is_an_error_and_the_loop_continues()
    {
        Api.Queue("""{"Records":[]}""");
        Api.Queue(Event(new SlackForm(), path: "/health", method: "GET"));
        await Api.WaitForCallsAsync(5, Cancel);

        Api.Calls[1].ShouldStartWith("error 1 ");
        Api.Calls[1].ShouldContain("Function.BadEvent");
        Api.Calls[3].ShouldContain("\"body\":\"ok\"");
    }

    [Theory]
    [InlineData("""{"version":"2.0","rawPath":"/slack/iot-log","rawQueryString":"ssl_check=1","requestContext":{"http":{"method":"GET"}}}""")]
    [InlineData("""{"version":"1.0","path":"/slack/iot-log","queryStringParameters":{"ssl_check":"1"},"httpMethod":"GET"}""")]
    public async Task Slacks_check_of_the_URL_is_answered_with_nothing(string check)
    {
        Api.Queue(check);
        await Api.WaitForCallsAsync(3, Cancel);

        Api.Calls[1].ShouldBe("""response 1 {"statusCode":200,"headers":{},"body":"","isBase64Encoded":false}""");
    }

    [Fact]
    public async Task A_click_on_a_link_is_answered_with_nothing_and_does_nothing()
    {
        Api.Queue(Event(new SlackForm(), path: "/slack/interactivity"));
        await Api.WaitForCallsAsync(3, Cancel);

        Api.Calls[1].ShouldContain("\"statusCode\":200");
        Bench.Jobs.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Anything_else_is_not_found()
    {
        Api.Queue(Event(new SlackForm(), path: "/"));
        await Api.WaitForCallsAsync(3, Cancel);

        Api.Calls[1].ShouldContain("\"statusCode\":404");
    }

    private string Event(SlackForm form, string path = "/slack/iot-log", string method = "POST") => form.ToEvent(Bench.Time.GetUtcNow(), path, method);
}
