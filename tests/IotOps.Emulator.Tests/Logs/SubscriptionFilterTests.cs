using System.IO.Compression;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class SubscriptionFilterTests : LogsTestBase
{
    private const string Arn = "arn:aws:lambda:eu-central-1:123456789012:function:f";

    private readonly List<LogSubscriptionDelivery> _deliveries = [];

    [Fact]
    public async Task A_destination_is_checked_and_then_gets_the_events_that_match_after_each_call()
    {
        using IDisposable subscription = Emulator.Logs.Subscribe(Arn, _deliveries.Add);
        await PutAsync("f", "ERROR");

        await Client.PutAsync("g", "s", (Now, "ERROR a"), (Now, "fine"), (Now + 1, "ERROR b"));
        await Client.PutAsync("g", "s", (Now, "fine"));

        _deliveries.Select(d => d.IsControlMessage).ShouldBe([true, false]);
        LogSubscriptionDelivery delivery = _deliveries[1];
        (delivery.LogGroup, delivery.LogStream, delivery.FilterName, delivery.Owner).ShouldBe(("g", "s", "f", "123456789012"));
        delivery.Events.Select(e => e.Message).ShouldBe(["ERROR a", "ERROR b"]);
        JsonNode document = JsonNode.Parse(Gunzip(delivery.ToGzip()))!;
        ((string?)document["messageType"], (string?)document["subscriptionFilters"]![0], (long)document["logEvents"]![1]!["timestamp"]!).ShouldBe(("DATA_MESSAGE", "f", Now + 1));
        ((string?)document["logEvents"]![0]!["id"])!.Length.ShouldBe(56);
        ((string?)JsonNode.Parse(_deliveries[0].ToJson())!["messageType"]).ShouldBe("CONTROL_MESSAGE");
    }

    [Fact]
    public async Task A_callback_that_throws_costs_no_event_and_one_that_is_disposed_gets_none()
    {
        using IDisposable failing = Emulator.Logs.Subscribe(Arn, static _ => throw new InvalidOperationException());
        IDisposable subscription = Emulator.Logs.Subscribe(Arn, _deliveries.Add);
        await PutAsync("f", "");

        (await Client.PutAsync("g", "s", (Now, "a"))).Status.ShouldBe(200);
        subscription.Dispose();
        await Client.PutAsync("g", "s", (Now, "b"));

        Messages().ShouldBe(["a", "b"]);
        _deliveries.Where(d => !d.IsControlMessage).SelectMany(d => d.Events).Select(e => e.Message).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_queue_of_the_emulator_gets_the_document_as_Lambda_does()
    {
        const string QueueArn = "arn:aws:sqs:eu-central-1:123456789012:alarms";
        using var sqs = new LogsClient(Emulator, Clock, "sqs", "AmazonSQS.");
        string url = (string)(await sqs.CallAsync("CreateQueue", """{"QueueName":"alarms"}""")).Result["QueueUrl"]!;
        await Client.CallAsync("PutSubscriptionFilter", $$"""{"logGroupName":"g","filterName":"f","filterPattern":"ERROR","destinationArn":"{{QueueArn}}"}""");

        await Client.PutAsync("g", "s", (Now, "ERROR a"));

        JsonArray messages = (await sqs.CallAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}","MaxNumberOfMessages":10}""")).Result["Messages"]!.AsArray();
        JsonNode[] documents = [.. messages.Select(m => JsonNode.Parse(Gunzip(Convert.FromBase64String((string)m!["Body"]!)))!)];
        documents.Select(d => (string?)d["messageType"]).ShouldBe(["CONTROL_MESSAGE", "DATA_MESSAGE"], ignoreOrder: true);
        ((string?)documents.Single(d => (string?)d["messageType"] == "DATA_MESSAGE")["logEvents"]![0]!["message"]).ShouldBe("ERROR a");
    }

    [Fact]
    public async Task A_group_has_two_filters_at_most_and_one_that_is_put_again_is_replaced()
    {
        await PutAsync("a", "");
        await PutAsync("b", "");
        await PutAsync("b", "ERROR");

        (await CallAsync("c", "")).Code.ShouldBe("LimitExceededException");
        LogsAnswer described = await Client.CallAsync("DescribeSubscriptionFilters", """{"logGroupName":"g"}""");
        described.Result["subscriptionFilters"]!.AsArray().Select(f => $"{f!["filterName"]} {f["filterPattern"]} {f["distribution"]}").ShouldBe(["a  ByLogStream", "b ERROR ByLogStream"]);
        (await Client.CallAsync("DeleteSubscriptionFilter", """{"logGroupName":"g","filterName":"a"}""")).Status.ShouldBe(200);
        (await Client.CallAsync("DeleteSubscriptionFilter", """{"logGroupName":"g","filterName":"a"}""")).Code.ShouldBe("ResourceNotFoundException");
    }

    [Theory]
    [InlineData("emitSystemFields", "[\"@aws.account\"]")]
    [InlineData("fieldSelectionCriteria", "\"x\"")]
    [InlineData("applyOnTransformedLogs", "true")]
    public async Task A_member_that_is_not_emulated_is_refused_by_its_name(string member, string value)
    {
        LogsAnswer answer = await Client.CallAsync("PutSubscriptionFilter", $$"""{"logGroupName":"g","filterName":"f","filterPattern":"","destinationArn":"{{Arn}}","{{member}}":{{value}}}""");

        answer.Status.ShouldBe(501);
        answer.Message.ShouldNotBeNull().ShouldContain(member);
    }

    private async Task PutAsync(string name, string pattern) => (await CallAsync(name, pattern)).Status.ShouldBe(200);

    private Task<LogsAnswer> CallAsync(string name, string pattern) =>
        Client.CallAsync("PutSubscriptionFilter", $$"""{"logGroupName":"g","filterName":"{{name}}","filterPattern":"{{pattern}}","destinationArn":"{{Arn}}"}""");

    private static byte[] Gunzip(byte[] data)
    {
        using var gzip = new GZipStream(new MemoryStream(data), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
