using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Routing;

public sealed class EventQueueReaderTests : IDisposable
{
    private const string Url = "https://sqs.eu-west-1.amazonaws.com/123456789012/events";

    private readonly ManualTimeProvider _time = new();
    private readonly TestLogger _log = new();
    private readonly List<string> _bodies = [];
    private readonly List<string> _calls = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Handled_messages_are_deleted_and_failed_ones_stay()
    {
        var handler = new CollectingHandler(failsOn: "bad");
        _bodies.AddRange(["""{"n":1}""", """{"n":"bad"}""", """{"n":3}""", "no JSON"]);

        EventQueueReader queue = await DrainAsync(handler);

        handler.Messages.ShouldBe(["""{"n":1}""", """{"n":3}"""], ignoreOrder: true);
        _calls.ShouldBe(
        [
            """ReceiveMessage {"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/events","MaxNumberOfMessages":10,"WaitTimeSeconds":1,"VisibilityTimeout":120}""",
            """DeleteMessageBatch {"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/events","Entries":[{"Id":"0","ReceiptHandle":"r0"},{"Id":"1","ReceiptHandle":"r2"}]}""",
            """ReceiveMessage {"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/events","MaxNumberOfMessages":10,"WaitTimeSeconds":1,"VisibilityTimeout":120}""",
        ]);
        queue.Counts.LastReceivedAt.ShouldNotBeNull();
        queue.Counts.LastError!.ShouldContain("was not handled");
        (queue.Counts with { LastReceivedAt = null, LastError = null, LastErrorAt = null }).ShouldBe(new EventQueueCounts(2, 2));
        _log.Count(301).ShouldBe(2);
        _log.Entries.ShouldAllBe(entry => !entry.Message.Contains("no JSON\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_takes_long_is_kept_hidden()
    {
        var handling = new TaskCompletionSource();
        var handler = new CollectingHandler { OnHandle = _ => handling.Task };
        _bodies.Add("""{"n":1}""");
        Task draining = DrainAsync(handler);
        await WaitForAsync(() => _time.ActiveTimers > 0);

        for (int minutes = 1; minutes <= 3; minutes++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            int expected = minutes;
            await WaitForAsync(() => Calls("ChangeMessageVisibility") == expected);
        }

        handling.SetResult();
        await WaitForAsync(() => draining.IsCompleted);
        Calls("DeleteMessageBatch").ShouldBe(1);
        lock (_calls)
        {
            _calls[1].ShouldBe("""ChangeMessageVisibility {"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/events","ReceiptHandle":"r0","VisibilityTimeout":120}""");
        }
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_being_handled_and_deletes_it()
    {
        var handling = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var handler = new CollectingHandler { OnHandle = _ => { begun.TrySetResult(); return handling.Task; } };
        _bodies.Add("""{"n":1}""");
        using var stop = new CancellationTokenSource();
        using AwsClient client = Client(Answer);
        Task running = Queue(client, handler).RunAsync(stop.Token);
        await begun.Task.WaitAsync(Cancelled);

        await stop.CancelAsync();
        running.IsCompleted.ShouldBeFalse();
        handling.SetResult();
        await running;

        Calls("DeleteMessageBatch").ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_leaves_in_the_queue_what_takes_too_long()
    {
        var begun = new TaskCompletionSource();
        var handler = new CollectingHandler { OnHandle = token => { begun.TrySetResult(); return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token); } };
        _bodies.Add("""{"n":1}""");
        using var stop = new CancellationTokenSource();
        using AwsClient client = Client(Answer);
        Task running = Queue(client, handler).RunAsync(stop.Token);
        await begun.Task.WaitAsync(Cancelled);

        await stop.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(20));
        await running;

        Calls("DeleteMessageBatch").ShouldBe(0);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_an_error_at_once()
    {
        using AwsClient client = Client(static _ => Json(HttpStatusCode.BadRequest, """{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"""));

        AwsException e = await Should.ThrowAsync<AwsException>(() => Queue(client, new CollectingHandler()).RunAsync(Cancelled));

        e.Code.ShouldBe("QueueDoesNotExist");
    }

    [Fact]
    public async Task A_queue_that_is_out_of_reach_for_a_while_is_tried_again()
    {
        int calls = 0;
        var handler = new CollectingHandler();
        _bodies.Add("""{"n":1}""");
        using AwsClient client = Client(request => Interlocked.Increment(ref calls) <= 2 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : Answer(request));
        Task draining = Queue(client, handler).DrainAsync(Cancelled);
        while (!draining.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await draining;
        handler.Messages.Count.ShouldBe(1);
        _log.Count(300).ShouldBe(2);
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        using AwsClient client = Client(Answer);
        var good = new EventQueueOptions { Client = client, QueueUrl = Url, Router = new CollectingHandler().Router() };
        EventQueueOptions[] bad = [good with { QueueUrl = "events" }, good with { Workers = 0 }, good with { Visibility = TimeSpan.FromSeconds(9) }, good with { StopWithin = TimeSpan.FromSeconds(-1) }];
        foreach (EventQueueOptions options in bad)
        {
            Should.Throw<ArgumentException>(() => new EventQueueReader(options));
        }
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
            Cancelled.ThrowIfCancellationRequested();
        }
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.0") };

    private static AwsClient Client(Func<RecordedRequest, HttpResponseMessage> answer) => new(new AwsClientOptions
    {
        Service = EventQueueReader.Service,
        Region = "eu-west-1",
        Credentials = new BasicAWSCredentials("test", "test"),
        Transport = new StubHttpHandler(answer),
        Retry = AwsRetryOptions.None,
    });

    private EventQueueReader Queue(AwsClient client, CollectingHandler handler) =>
        new(new EventQueueOptions { Client = client, QueueUrl = Url, Router = handler.Router(), Workers = 1, TimeProvider = _time, LoggerFactory = _log, Random = static () => 0.5 });

    private async Task<EventQueueReader> DrainAsync(CollectingHandler handler)
    {
        using AwsClient client = Client(Answer);
        EventQueueReader queue = Queue(client, handler);
        await queue.DrainAsync(Cancelled);
        return queue;
    }

    private int Calls(string operation)
    {
        lock (_calls) { return _calls.Count(call => call.StartsWith(operation, StringComparison.Ordinal)); }
    }

    // The bodies once, then nothing more.
    private HttpResponseMessage Answer(RecordedRequest request)
    {
        string operation = request.Header("X-Amz-Target")!["AmazonSQS.".Length..];
        lock (_calls)
        {
            _calls.Add($"{operation} {Encoding.UTF8.GetString(request.Body)}");
            if (operation != "ReceiveMessage" || _bodies.Count == 0)
            {
                return Json(HttpStatusCode.OK, "{}");
            }

            string messages = string.Join(',', _bodies.Select((body, i) => $$"""{"MessageId":"m{{i}}","ReceiptHandle":"r{{i}}","Body":"{{JsonEncodedText.Encode(body)}}"}"""));
            _bodies.Clear();
            return Json(HttpStatusCode.OK, $$"""{"Messages":[{{messages}}]}""");
        }
    }
}
