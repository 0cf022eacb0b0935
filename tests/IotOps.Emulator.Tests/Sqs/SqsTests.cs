using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Sqs;

/// <summary>SQS as AWSSDK sees it.</summary>
public sealed class SqsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private AwsEmulator _emulator = null!;
    private AmazonSQSClient _client = null!;
    private string _url = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _time });
        _client = Client("us-east-1");
        _url = (await _client.CreateQueueAsync("queue", Token)).QueueUrl;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_sent_received_and_deleted()
    {
        await _client.SendMessageAsync(_url, "ü €", Token);
        var request = new ReceiveMessageRequest(_url) { MessageSystemAttributeNames = ["All"] };
        Message message = (await _client.ReceiveMessageAsync(request, Token)).Messages.Single();
        (message.Body, message.Attributes["ApproximateReceiveCount"]).ShouldBe(("ü €", "1"));
        message.Attributes["SentTimestamp"].ShouldBe($"{_time.GetUtcNow().ToUnixTimeMilliseconds()}");
        await _client.DeleteMessageAsync(_url, message.ReceiptHandle, Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await ReceiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_received_message_is_out_of_sight_for_its_timeout_and_its_old_receipt_deletes_nothing()
    {
        await _client.SendMessageAsync(_url, "a", Token);
        Message first = (await ReceiveAsync()).Single();
        _time.Advance(TimeSpan.FromSeconds(29));
        (await ReceiveAsync()).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(1));
        Message second = (await ReceiveAsync()).Single();
        await _client.DeleteMessageAsync(_url, first.ReceiptHandle, Token);
        await _client.ChangeMessageVisibilityAsync(_url, second.ReceiptHandle, 0, Token);
        (await ReceiveAsync()).Single().Body.ShouldBe("a");
    }

    [Fact]
    public async Task A_message_that_was_received_too_often_goes_to_the_dead_letter_queue()
    {
        EmulatedQueue dead = _emulator.Sqs.CreateQueue("dead");
        await _client.SetQueueAttributesAsync(
            _url,
            new(StringComparer.Ordinal) { ["VisibilityTimeout"] = "0", ["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{dead.Arn}}","maxReceiveCount":2}""" },
            Token);
        await _client.SendMessageAsync(_url, "a", Token);
        (await ReceiveAsync()).Count.ShouldBe(1);
        (await ReceiveAsync()).Count.ShouldBe(1);
        (await ReceiveAsync()).ShouldBeEmpty();
        dead.Messages.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Delayed_and_expired_messages_are_not_received()
    {
        await _client.SendMessageAsync(new SendMessageRequest(_url, "later") { DelaySeconds = 10 }, Token);
        (await ReceiveAsync()).ShouldBeEmpty();
        GetQueueAttributesResponse counts = await _client.GetQueueAttributesAsync(_url, ["ApproximateNumberOfMessagesDelayed"], Token);
        counts.Attributes.ShouldHaveSingleItem().Value.ShouldBe("1");
        _time.Advance(TimeSpan.FromSeconds(10));
        (await ReceiveAsync()).Count.ShouldBe(1);
        await _client.SetQueueAttributesAsync(_url, new(StringComparer.Ordinal) { ["MessageRetentionPeriod"] = "60" }, Token);
        _time.Advance(TimeSpan.FromSeconds(61));
        (await ReceiveAsync()).ShouldBeEmpty();
        _emulator.Sqs.CreateQueue("queue").Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_poll_ends_when_a_message_is_sent()
    {
        Task<ReceiveMessageResponse> waiting = _client.ReceiveMessageAsync(new ReceiveMessageRequest(_url) { WaitTimeSeconds = 20 }, Token);
        await _client.SendMessageAsync(_url, "a", Token);
        (await waiting).Messages.Single().Body.ShouldBe("a");
    }

    [Fact]
    public async Task An_entry_of_a_batch_that_is_refused_costs_itself()
    {
        SendMessageBatchResponse sent = await _client.SendMessageBatchAsync(
            new SendMessageBatchRequest(_url, [new("1", "good"), new("2", "bad\u0001"), new("3", "good too")]), Token);
        sent.Successful.Select(entry => entry.Id).ShouldBe(["1", "3"]);
        sent.Failed.Select(entry => (entry.Id, entry.Code)).ShouldBe([("2", "InvalidMessageContents")]);
        List<Message> messages = await ReceiveAsync();
        DeleteMessageBatchResponse deleted = await _client.DeleteMessageBatchAsync(
            new DeleteMessageBatchRequest(_url, [new("a", messages[0].ReceiptHandle), new("b", "no receipt")]), Token);
        (deleted.Successful.Single().Id, deleted.Failed.Single().Code).ShouldBe(("a", "ReceiptHandleIsInvalid"));
        _emulator.Sqs.CreateQueue("queue").Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_queue_is_found_by_name_listed_purged_and_deleted()
    {
        (await _client.GetQueueUrlAsync("queue", Token)).QueueUrl.ShouldBe(_url);
        _emulator.Sqs.CreateQueue("other");
        ListQueuesResponse page = await _client.ListQueuesAsync(new ListQueuesRequest { MaxResults = 1 }, Token);
        ListQueuesResponse next = await _client.ListQueuesAsync(new ListQueuesRequest { MaxResults = 1, NextToken = page.NextToken }, Token);
        new[] { page, next }.SelectMany(one => one.QueueUrls).Select(url => new Uri(url).Segments[^1]).ShouldBe(["other", "queue"]);
        await _client.SendMessageAsync(_url, "a", Token);
        await _client.PurgeQueueAsync(_url, Token);
        (await ReceiveAsync()).ShouldBeEmpty();
        await _client.DeleteQueueAsync(_url, Token);
        await Should.ThrowAsync<QueueDoesNotExistException>(() => _client.SendMessageAsync(_url, "a", Token));
    }

    [Fact]
    public async Task A_queue_belongs_to_its_region()
    {
        using AmazonSQSClient elsewhere = Client("eu-west-1");
        await Should.ThrowAsync<QueueDoesNotExistException>(() => elsewhere.SendMessageAsync(_url, "a", Token));
    }

    [Fact]
    public async Task A_queue_that_is_there_with_other_attributes_is_not_made_again()
    {
        var same = new CreateQueueRequest("queue") { Attributes = new(StringComparer.Ordinal) { ["VisibilityTimeout"] = "30" } };
        (await _client.CreateQueueAsync(same, Token)).QueueUrl.ShouldBe(_url);
        same.Attributes["VisibilityTimeout"] = "31";
        await Should.ThrowAsync<QueueNameExistsException>(() => _client.CreateQueueAsync(same, Token));
    }

    [Theory]
    [InlineData("VisibilityTimeout", "43201", "InvalidAttributeValue")]
    [InlineData("DelaySeconds", "x", "InvalidAttributeValue")]
    [InlineData("RedrivePolicy", "{}", "InvalidAttributeValue")]
    [InlineData("Nothing", "1", "InvalidAttributeName")]
    public async Task A_bad_attribute_is_refused(string name, string value, string code) =>
        (await Should.ThrowAsync<AmazonSQSException>(
            () => _client.SetQueueAttributesAsync(_url, new(StringComparer.Ordinal) { [name] = value }, Token))).ErrorCode.ShouldBe(code);

    [Fact]
    public async Task What_is_not_emulated_is_refused_by_name()
    {
        (await Should.ThrowAsync<AmazonSQSException>(() => _client.CreateQueueAsync("a.fifo", Token))).Message.ShouldContain("FIFO");
        var attributes = new SendMessageRequest(_url, "a") { MessageAttributes = new(StringComparer.Ordinal) { ["x"] = new() { DataType = "String", StringValue = "1" } } };
        (await Should.ThrowAsync<AmazonSQSException>(() => _client.SendMessageAsync(attributes, Token))).Message.ShouldContain("MessageAttributes");
        (await Should.ThrowAsync<AmazonSQSException>(() => _client.TagQueueAsync(new TagQueueRequest { QueueUrl = _url, Tags = new(StringComparer.Ordinal) { ["a"] = "b" } }, Token)))
            .Message.ShouldContain("TagQueue");
    }

    private AmazonSQSClient Client(string region) => new(
        new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
        new AmazonSQSConfig { ServiceURL = _emulator.Endpoint.AbsoluteUri, AuthenticationRegion = region, MaxErrorRetry = 0 });

    private async Task<List<Message>> ReceiveAsync() =>
        (await _client.ReceiveMessageAsync(new ReceiveMessageRequest(_url) { MaxNumberOfMessages = 10 }, Token)).Messages ?? [];
}
