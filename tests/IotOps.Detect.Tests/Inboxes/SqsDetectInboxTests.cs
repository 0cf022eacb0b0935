using Amazon.Runtime;
using Amazon.SQS;
using IotOps.Emulator;

namespace IotOps.Detect.Tests.Inboxes;

/// <summary>The contract on the emulator's SQS, and what only SQS does.</summary>
public sealed class SqsDetectInboxTests : DetectInboxContract, IAsyncLifetime
{
    private AwsEmulator _emulator = null!;
    private AmazonSQSClient _client = null!;
    private EmulatedQueue _queue = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _client = new AmazonSQSClient(
            new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
            new AmazonSQSConfig { ServiceURL = _emulator.Endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Messages_that_come_in_any_order_and_twice_are_all_received_and_deleted()
    {
        IDetectInbox inbox = await OpenAsync();
        _queue.DisorderSeed = 5;
        await PutAsync([.. Enumerable.Range(0, 300).Select(i => $"{i}")]);
        List<string> bodies = [];
        while (_queue.Messages.Count > 0)
        {
            IReadOnlyList<QueuedMessage> messages = await inbox.ReceiveAsync(100, Token);
            bodies.AddRange(messages.Select(message => System.Text.Encoding.UTF8.GetString(message.Body.Span)));
            await inbox.DeleteAsync(messages, Token);
        }

        bodies.Distinct(StringComparer.Ordinal).Count().ShouldBe(300);
        bodies.ShouldNotBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
        bodies.Count.ShouldBeGreaterThan(300, "some come twice");
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_an_error_that_names_it()
    {
        var inbox = new SqsDetectInbox(_client, new SqsDetectInboxOptions { QueueUrl = new Uri(_emulator.Endpoint, "/000000000000/nowhere") });
        (await Should.ThrowAsync<IOException>(() => inbox.ReceiveAsync(1, Token))).Message.ShouldContain("nowhere");
    }

    [Fact]
    public async Task A_refused_request_is_an_error_and_the_messages_come_again()
    {
        IDetectInbox inbox = await OpenAsync();
        await PutAsync("a");
        IReadOnlyList<QueuedMessage> messages = await inbox.ReceiveAsync(1, Token);
        _emulator.Faults.Add(new Fault { Operation = "DeleteMessageBatch", Status = 503, Code = "ServiceUnavailable", Times = 1 });
        await Should.ThrowAsync<IOException>(() => inbox.DeleteAsync(messages, Token));
        (await inbox.ReceiveAsync(1, Token)).Single().Deliveries.ShouldBe(2);
    }

    protected override async Task<IDetectInbox> OpenAsync()
    {
        _queue = _emulator.Sqs.CreateQueue("detect");
        await _client.SetQueueAttributesAsync(_queue.Url.AbsoluteUri, new(StringComparer.Ordinal) { ["VisibilityTimeout"] = "1" }, Token);
        return new SqsDetectInbox(_client, new SqsDetectInboxOptions { QueueUrl = _queue.Url });
    }

    protected override Task PutAsync(params string[] bodies)
    {
        Array.ForEach(bodies, _queue.Send);
        return Task.CompletedTask;
    }
}
