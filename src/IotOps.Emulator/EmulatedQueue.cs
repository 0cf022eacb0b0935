using IotOps.Emulator.Sqs;

namespace IotOps.Emulator;

/// <summary>A queue of the emulator.</summary>
#pragma warning disable CA1711 // It is one: SQS calls it so.
public sealed class EmulatedQueue
#pragma warning restore CA1711
{
    private readonly MessageQueue _queue;

    internal EmulatedQueue(MessageQueue queue, Uri url)
    {
        _queue = queue;
        Url = url;
    }

    /// <summary>The queue's URL.</summary>
    public Uri Url { get; }

    /// <summary>The queue's ARN.</summary>
    public string Arn => _queue.Arn;

    /// <summary>The bodies of the messages that are not deleted, the oldest first.</summary>
    public IReadOnlyList<string> Messages => _queue.Bodies();

    /// <summary>
    /// A seed with which deliveries come in any order, and one in ten twice, as those of a standard queue may; null delivers in the order of
    /// sending.
    /// </summary>
    public int? DisorderSeed
    {
        get;
        set
        {
            field = value;
#pragma warning disable CA5394 // The test's own seed; nothing secret depends on it.
            _queue.Disorder = value is { } seed ? new Random(seed) : null;
#pragma warning restore CA5394
        }
    }

    /// <summary>Sends a message past the HTTP endpoint.</summary>
    /// <exception cref="ArgumentException">SQS would refuse the body.</exception>
    public void Send(string body)
    {
        try
        {
            MessageBody.Check(body, _queue.Settings.MaxMessageBytes);
        }
        catch (Http.Refusal refusal)
        {
            throw new ArgumentException(refusal.Message, nameof(body), refusal);
        }

        _queue.Send(body);
    }
}
