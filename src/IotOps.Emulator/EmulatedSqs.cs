using IotOps.Emulator.Sqs;

namespace IotOps.Emulator;

/// <summary>Amazon SQS: standard queues, as <c>CreateQueue</c> or a test makes them.</summary>
public sealed class EmulatedSqs
{
    private readonly QueueStore _store;
    private readonly Uri _endpoint;

    internal EmulatedSqs(QueueStore store, Uri endpoint)
    {
        _store = store;
        _endpoint = endpoint;
    }

    /// <summary>Makes a queue, or finds it.</summary>
    /// <param name="name">1-80 letters, digits, hyphens and underscores.</param>
    /// <param name="region">The region that its users sign for.</param>
    /// <exception cref="ArgumentException">The name is not allowed; FIFO queues are not emulated.</exception>
    public EmulatedQueue CreateQueue(string name, string region = "us-east-1")
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrEmpty(region);
        try
        {
            MessageQueue queue = _store.Create(region, name, new Dictionary<string, string>(StringComparer.Ordinal));
            return new EmulatedQueue(queue, new Uri(_endpoint, $"/{_store.AccountId}/{name}"));
        }
        catch (Http.Refusal refusal)
        {
            throw new ArgumentException(refusal.Message, nameof(name), refusal);
        }
    }
}
