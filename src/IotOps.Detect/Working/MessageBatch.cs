using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Working;

/// <summary>A batch of messages, its events sorted by thing.</summary>
internal sealed class MessageBatch
{
    private readonly List<(QueuedMessage Message, List<string> Things)> _messages = [];

    /// <summary>The events of each thing, in the order in which they came.</summary>
    public Dictionary<string, List<DetectEvent>> Events { get; } = new(StringComparer.Ordinal);

    public static MessageBatch Read(IReadOnlyList<QueuedMessage> messages, WorkerMetrics metrics, ILogger logger)
    {
        var batch = new MessageBatch();
        foreach (QueuedMessage message in messages)
        {
            try
            {
                batch.Add(message, DetectMessage.ParseAll(message.Body), metrics);
            }
            catch (FormatException e)
            {
                metrics.Unreadable();
                WorkerLog.Unreadable(logger, message.Deliveries, e.Message);
            }
        }

        return batch;
    }

    /// <summary>The messages all of whose things were dealt with.</summary>
    public IReadOnlyList<QueuedMessage> Handled(IReadOnlySet<string> failed) =>
        [.. _messages.Where(entry => !entry.Things.Exists(failed.Contains)).Select(entry => entry.Message)];

    private void Add(QueuedMessage message, IReadOnlyList<DetectMessage> read, WorkerMetrics metrics)
    {
        metrics.Events(read.Count);
        List<string> things = [];
        foreach (DetectMessage one in read)
        {
            if (!Events.TryGetValue(one.Thing, out List<DetectEvent>? events))
            {
                Events[one.Thing] = events = [];
            }

            events.Add(one.Event);
            things.Add(one.Thing);
        }

        _messages.Add((message, things));
    }
}
