namespace IotOps.Emulator.Sqs;

/// <summary>A message of a queue. Guarded by its queue's lock.</summary>
internal sealed class QueueMessage(string body, DateTimeOffset sentAt, DateTimeOffset visibleAt)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string Body { get; } = body;

    public DateTimeOffset SentAt { get; } = sentAt;

    public DateTimeOffset VisibleAt { get; set; } = visibleAt;

    public DateTimeOffset? FirstReceivedAt { get; set; }

    public int Receives { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>What the newest delivery is deleted by.</summary>
    public string Receipt => new ReceiptHandle(Id, Receives).ToString();
}
