using IotOps.Emulator.Http;

namespace IotOps.Emulator.Sqs;

/// <summary>Where a request came in, and the region that it was signed for.</summary>
internal sealed record SqsRequest(QueueStore Store, string Region, string Host)
{
    /// <exception cref="Refusal">There is no such queue.</exception>
    public MessageQueue Queue(JsonInput input) => Store.FindByUrl(Region, input.Text("QueueUrl") ?? throw SqsRefusal.Missing("QueueUrl")) ?? throw SqsRefusal.NoQueue();

    public string UrlOf(MessageQueue queue) => $"http://{Host}/{Store.AccountId}/{queue.Name}";
}
