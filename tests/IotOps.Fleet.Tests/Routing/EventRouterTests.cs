using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Tests.Routing;

public sealed class EventRouterTests
{
    private const string Connected = """{"clientId":"c","timestamp":1,"eventType":"connected","sessionIdentifier":"A","versionNumber":0}""";

    [Theory]
    [InlineData(RoutedMessageKind.EventBridge, """{"version":"0","id":"1","detail-type":"t","source":"aws.iot","detail":{}}""", true)]
    [InlineData(RoutedMessageKind.Lifecycle, Connected, true)]
    [InlineData(RoutedMessageKind.Lifecycle, """{"clientId":"c","timestamp":1,"eventType":"connect_failed","sessionIdentifier":"A"}""", true)]
    [InlineData(RoutedMessageKind.RuleError, """{"ruleName":"r","topic":"t","cloudwatchTraceId":"x","clientId":"c","base64OriginalPayload":"","failures":[{"failedAction":"S3Action"}]}""", false)]
    [InlineData(RoutedMessageKind.Audit, """{"taskId":"t","taskStatus":"COMPLETED","auditDetails":[]}""", true)]
    [InlineData(RoutedMessageKind.Detect, """{"violationId":"v","violationEventType":"in-alarm","violationEventTime":1}""", true)]
    [InlineData(RoutedMessageKind.RuleMessage, """{"temperature":20}""", false)]
    public async Task A_message_is_told_by_what_it_says(RoutedMessageKind kind, string message, bool hasKey)
    {
        var handler = new RecordingHandler();

        await RouteAsync(Router(handler, """{"nothing":[{"exists":false}]}"""), message);

        RoutedMessage handled = handler.Messages.ShouldHaveSingleItem();
        handled.Kind.ShouldBe(kind);
        (handled.Key is not null).ShouldBe(hasKey);
    }

    [Fact]
    public async Task A_message_goes_to_each_route_whose_pattern_it_matches()
    {
        var one = new RecordingHandler();
        var other = new RecordingHandler();
        var none = new RecordingHandler();
        var router = new EventRouter(new EventRouterOptions
        {
            Routes =
            [
                new EventRoute("one", EventPattern.Parse("""{"eventType":["connected"]}"""), one),
                new EventRoute("other", EventPattern.Parse("""{"clientId":[{"prefix":"c"}]}"""), other),
                new EventRoute("none", EventPattern.Parse("""{"eventType":["disconnected"]}"""), none),
            ],
        });

        RouteResult result = await RouteAsync(router, Connected);

        (result.Messages, result.Handled, result.Unrouted, one.Messages.Count, other.Messages.Count, none.Messages.Count).ShouldBe((1, 2, 0, 1, 1, 0));
    }

    [Fact]
    public async Task A_repetition_is_spared_the_handler_that_succeeded_and_given_to_the_one_that_failed()
    {
        var good = new RecordingHandler();
        var bad = new RecordingHandler { Failures = 1 };
        var router = new EventRouter(new EventRouterOptions
        {
            Routes =
            [
                new EventRoute("bad", EventPattern.Parse("""{"clientId":["c"]}"""), bad),
                new EventRoute("good", EventPattern.Parse("""{"clientId":["c"]}"""), good),
            ],
        });

        RouteResult first = await RouteAsync(router, Connected);
        RouteResult second = await RouteAsync(router, Connected);

        RouteFailure failure = first.Failures.ShouldHaveSingleItem();
        (failure.Route, failure.Exception.Message, first.Handled).ShouldBe(("bad", "not now", 1));
        Should.Throw<AggregateException>(first.ThrowIfFailed).Message.ShouldContain("1 of 1 messages were not handled: bad: not now");
        (second.Handled, second.Repeated, second.Failures.Count).ShouldBe((1, 1, 0));
        (good.Messages.Count, bad.Messages.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Equal_messages_without_an_identity_are_two_messages_unless_the_caller_names_them()
    {
        var handler = new RecordingHandler();
        EventRouter router = Router(handler, """{"button":["pressed"]}""");

        await RouteAsync(router, """{"button":"pressed"}""");
        await RouteAsync(router, """{"button":"pressed"}""");
        await RouteAsync(router, """{"button":"pressed"}""", "packet 7");
        await RouteAsync(router, """{"button":"pressed"}""", "packet 7");

        handler.Messages.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Only_the_latest_messages_are_remembered()
    {
        var handler = new RecordingHandler();
        var router = new EventRouter(new EventRouterOptions
        {
            Routes = [new EventRoute("all", EventPattern.Parse("""{"n":[{"exists":true}]}"""), handler)],
            RememberedMessages = 2,
        });

        foreach (string key in new[] { "1", "2", "2", "3", "1" })
        {
            await RouteAsync(router, """{"n":1}""", key);
        }

        handler.Messages.Select(message => message.Key).ShouldBe(["1", "2", "3", "1"]);
    }

    [Fact]
    public async Task Messages_come_out_of_the_envelopes_of_SNS_and_SQS_and_an_unreadable_one_costs_only_itself()
    {
        var handler = new RecordingHandler();
        string text = Quoted(Connected);
        string http = $$"""{"Type":"Notification","MessageId":"m1","Message":{{text}}}""";
        string sns = """{"Records":[{"Sns":{"MessageId":"m2","Message":"not json"}},{"Sns":{"MessageId":"m3","Message":"{\"clientId\":\"d\"}"}}]}""";
        string sqs = $$"""{"Records":[{"eventSource":"aws:sqs","messageId":"m4","body":{{Quoted(http)}}}]}""";
        EventRouter router = Router(handler, """{"clientId":[{"exists":true}]}""");

        await RouteAsync(router, http);
        RouteResult mixed = await RouteAsync(router, sns);
        RouteResult repeated = await RouteAsync(router, sqs);

        handler.Messages.Select(message => Encoding.UTF8.GetString(message.Json.Span)).ShouldBe([Connected, """{"clientId":"d"}"""]);
        handler.Messages[1].Key.ShouldBe("m3");
        (mixed.Messages, mixed.Handled).ShouldBe((2, 1));
        mixed.Failures.ShouldHaveSingleItem().Exception.Message.ShouldStartWith("A message is no JSON object: ");
        repeated.Repeated.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_a_handler()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        EventRouter router = Router(new RecordingHandler(), """{"clientId":["c"]}""");

        await Should.ThrowAsync<OperationCanceledException>(() => router.RouteAsync(Encoding.UTF8.GetBytes(Connected), cancellationToken: cancelled.Token));
    }

    [Fact]
    public void Two_routes_of_one_name_are_refused() =>
        Should.Throw<ArgumentException>(() => new EventRouter(new EventRouterOptions
        {
            Routes = [.. Enumerable.Repeat(new EventRoute("a", EventPattern.Parse("""{"a":[1]}"""), new RecordingHandler()), 2)],
        })).Message.ShouldStartWith("Two routes are named 'a'");

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static EventRouter Router(IMessageHandler handler, string pattern) =>
        new(new EventRouterOptions { Routes = [new EventRoute("all", EventPattern.Parse(pattern), handler)] });

    private static Task<RouteResult> RouteAsync(EventRouter router, string message, string? key = null) =>
        router.RouteAsync(Encoding.UTF8.GetBytes(message), key, TestContext.Current.CancellationToken);
}
