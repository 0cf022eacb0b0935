using IotOps.SlackExport.Tests.Lambda;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Routing;

public sealed class EventFunctionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_of_a_batch_that_failed_are_reported_one_by_one()
    {
        var handler = new CollectingHandler(failsOn: "bad");
        string call = await RunAsync(
            handler,
            """{"Records":[{"messageId":"m1","body":"{\"n\":1}","eventSource":"aws:sqs"},{"messageId":"m2","body":"{\"n\":\"bad\"}","eventSource":"aws:sqs"},{"messageId":"m3","body":"no JSON","eventSource":"aws:sqs"}]}""");

        handler.Messages.ShouldBe(["""{"n":1}"""]);
        call.ShouldEndWith("""{"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m3"}]}""");
    }

    [Theory]
    [InlineData("""{"Records":[{"Sns":{"MessageId":"s1","Message":"{\"n\":1}"}}]}""", true)]
    [InlineData("""{"id":"e1","detail-type":"t","source":"s","detail":{"n":1}}""", true)]
    [InlineData("""{"detail-type":"t","source":"s","detail":{"n":"bad"}}""", false)]
    [InlineData("[]", false)]
    public async Task An_event_of_another_source_is_answered_or_fails_whole(string payload, bool isHandled)
    {
        string call = await RunAsync(new CollectingHandler(failsOn: "bad"), payload);

        call.ShouldStartWith(isHandled ? "response" : "error");
    }

    [Fact]
    public async Task A_message_that_is_not_handled_before_the_deadline_is_reported_as_failed()
    {
        var handler = new CollectingHandler { OnHandle = static token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token) };
        string call = await RunAsync(handler, """{"Records":[{"messageId":"m1","body":"{}","eventSource":"aws:sqs"}]}""", deadlineMs: 0);

        call.ShouldEndWith("""{"batchItemFailures":[{"itemIdentifier":"m1"}]}""");
    }

    // The second of its calls: what the first "next" was answered with.
    private static async Task<string> RunAsync(CollectingHandler handler, string payload, int deadlineMs = 30_000)
    {
        await using var api = new FakeRuntimeApi { DeadlineMs = deadlineMs };
        using var stop = new CancellationTokenSource();
        using var log = new TestLogger();
        Task running = new EventFunction(handler.Router(), TimeProvider.System, log).RunAsync(api.Address, stop.Token);
        api.Queue(payload);
        await api.WaitForCallsAsync(3, Cancelled);
        await stop.CancelAsync();
        await running;
        return api.Calls[1];
    }
}
