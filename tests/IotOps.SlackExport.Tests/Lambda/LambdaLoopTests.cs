using System.Text.Json;
using IotOps.SlackExport.Lambda;
using IotOps.SlackExport.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.SlackExport.Tests.Lambda;

public sealed class LambdaLoopTests : IAsyncLifetime
{
    private readonly FakeRuntimeApi _api = new();
    private readonly CancellationTokenSource _stop = new();
    private SlackBench _bench = null!;
    private LambdaRuntime _runtime = null!;
    private Task _loop = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await SlackBench.StartAsync();
        _runtime = new LambdaRuntime(_api.Address);
        _loop = new LambdaLoop(_runtime, _bench.Endpoint, _bench.Downloads, _bench.FailedJobs, _bench.Address, _bench.InFlight, new LambdaPaths("/slack/iot-log"), _bench.Time, NullLogger.Instance).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => _loop);
        _runtime.Dispose();
        await _bench.DisposeAsync();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_command_is_answered_through_the_runtime_api()
    {
        _api.Queue(Event(new SlackForm()));
        await _api.WaitForCallsAsync(3, Cancel);

        _api.Calls[0].ShouldBe("next");
        _api.Calls[1].ShouldStartWith("response 1 ");
        _api.Calls[2].ShouldBe("next");
        using JsonDocument reply = JsonDocument.Parse(_api.Calls[1]["response 1 ".Length..]);
        reply.RootElement.GetProperty("statusCode").GetInt32().ShouldBe(200);
        reply.RootElement.GetProperty("headers").GetProperty("content-type").GetString().ShouldBe("application/json; charset=utf-8");
        reply.RootElement.GetProperty("body").GetString()!.ShouldContain("Generating log file...");
        _bench.Jobs.Submitted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_event_is_requested_only_when_late_work_is_done()
    {
        var gate = new TaskCompletionSource();
        _bench.Jobs.Gate = gate.Task;
        _api.DeadlineMs = int.MaxValue;
        _api.Queue(Event(new SlackForm()));
        while (_bench.Time.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        _bench.Time.Advance(SlackEndpoint.AnswerWithin);
        await _api.WaitForCallsAsync(2, Cancel);
        _api.Calls[1].ShouldContain("has arrived");
        _api.Calls.Count.ShouldBe(2);
        _bench.Posted.ShouldBeEmpty();
        gate.SetResult();
        await _api.WaitForCallsAsync(3, Cancel);

        _api.Calls[2].ShouldBe("next");
        _bench.Posted.ShouldHaveSingleItem().ShouldContain("Generating log file...");
    }

    [Fact]
    public async Task An_event_that_is_not_a_request_is_an_error_and_the_loop_continues()
    {
        _api.Queue("""{"Records":[]}""");
        _api.Queue(Event(new SlackForm(), path: "/health", method: "GET"));
        await _api.WaitForCallsAsync(5, Cancel);

        _api.Calls[1].ShouldStartWith("error 1 ");
        _api.Calls[1].ShouldContain("Function.BadEvent");
        _api.Calls[3].ShouldContain("\"body\":\"ok\"");
    }

    [Theory]
    [InlineData("""{"version":"2.0","rawPath":"/slack/iot-log","rawQueryString":"ssl_check=1","requestContext":{"http":{"method":"GET"}}}""")]
    [InlineData("""{"version":"1.0","path":"/slack/iot-log","queryStringParameters":{"ssl_check":"1"},"httpMethod":"GET"}""")]
    public async Task Slacks_check_of_the_URL_is_answered_with_nothing(string check)
    {
        _api.Queue(check);
        await _api.WaitForCallsAsync(3, Cancel);

        _api.Calls[1].ShouldBe("""response 1 {"statusCode":200,"headers":{},"body":"","isBase64Encoded":false}""");
    }

    [Fact]
    public async Task A_click_on_a_link_is_answered_with_nothing_and_does_nothing()
    {
        _api.Queue(Event(new SlackForm(), path: "/slack/interactivity"));
        await _api.WaitForCallsAsync(3, Cancel);

        _api.Calls[1].ShouldContain("\"statusCode\":200");
        _bench.Jobs.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Anything_else_is_not_found()
    {
        _api.Queue(Event(new SlackForm(), path: "/"));
        await _api.WaitForCallsAsync(3, Cancel);

        _api.Calls[1].ShouldContain("\"statusCode\":404");
    }

    private string Event(SlackForm form, string path = "/slack/iot-log", string method = "POST") => form.ToEvent(_bench.Time.GetUtcNow(), path, method);
}
