using Amazon.SQS;
using Amazon.SQS.Model;
using IotOps.Detect;
using IotOps.Detect.Tests.Inboxes;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>The contract of inboxes on moto's SQS.</summary>
public sealed class SqsDetectInboxTests(InteropPeers peers) : DetectInboxContract, IDisposable
{
    private AmazonSQSClient _client = null!;
    private string _url = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client?.Dispose();

    protected override async Task<IDetectInbox> OpenAsync()
    {
        _client = await MotoClients.SqsAsync(peers);
        var queue = new CreateQueueRequest($"detect-{Guid.NewGuid():N}") { Attributes = new(StringComparer.Ordinal) { ["VisibilityTimeout"] = "1" } };
        _url = (await _client.CreateQueueAsync(queue, Token)).QueueUrl;
        return new SqsDetectInbox(_client, new SqsDetectInboxOptions { QueueUrl = new Uri(_url) });
    }

    protected override async Task PutAsync(params string[] bodies)
    {
        foreach (string[] chunk in bodies.Chunk(10))
        {
            await _client.SendMessageBatchAsync(
                new SendMessageBatchRequest(_url, [.. chunk.Select((body, i) => new SendMessageBatchRequestEntry($"{i}", body))]), Token);
        }
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_an_error_that_names_it()
    {
        using AmazonSQSClient client = await MotoClients.SqsAsync(peers);
        var inbox = new SqsDetectInbox(client, new SqsDetectInboxOptions { QueueUrl = new Uri(await peers.MotoAsync(), "/123456789012/nowhere") });
        (await Should.ThrowAsync<IOException>(() => inbox.ReceiveAsync(1, Token))).Message.ShouldContain("nowhere");
    }

    [Fact]
    public async Task A_fifo_queue_is_refused_by_name()
    {
        using AmazonSQSClient client = await MotoClients.SqsAsync(peers);
        Should.Throw<ArgumentException>(() => new SqsDetectInbox(client, new SqsDetectInboxOptions { QueueUrl = new Uri("https://sqs.eu-west-1.amazonaws.com/1/a.fifo") }))
            .Message.ShouldContain("FIFO");
    }
}
