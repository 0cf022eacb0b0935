using System.Collections;
using IotOps.Emulator.Mqtt;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator;

/// <summary>
/// What clients published: the latest 10,000 messages, oldest first. Wills and what the emulator itself publishes are not in it.
/// Thread-safe; looking through it sees it as it was at that moment.
/// </summary>
public sealed class ReceivedMessageCollection : IReadOnlyCollection<ReceivedMessage>
{
    private const int Kept = 10_000;

    private readonly object _lock = new();
    private readonly Queue<ReceivedMessage> _messages = new();
    private readonly ChangeSignal _changed = new();
    private long _total;

    internal ReceivedMessageCollection()
    {
    }

    /// <summary>Messages received since the start.</summary>
    public long Total
    {
        get { lock (_lock) { return _total; } }
    }

    /// <summary>Messages that are still held.</summary>
    public int Count
    {
        get { lock (_lock) { return _messages.Count; } }
    }

    /// <summary>Waits until so many messages that are held match a filter, and returns them all. There is no limit but the token.</summary>
    /// <param name="topicFilter">A topic, or a filter with <c>+</c> and <c>#</c>; a leading wildcard does not take in <c>$aws</c>.</param>
    /// <param name="count">How many to wait for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ReceivedMessage>> WaitForAsync(string topicFilter, int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicFilter);
        while (true)
        {
            Task changed = _changed.Next;
            ReceivedMessage[] found = [.. this.Where(m => TopicFilter.Matches(topicFilter, m.Topic))];
            if (found.Length >= count)
            {
                return found;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what was received; <see cref="Total"/> stays.</summary>
    public void Clear()
    {
        lock (_lock) { _messages.Clear(); }
    }

    /// <inheritdoc/>
    public IEnumerator<ReceivedMessage> GetEnumerator()
    {
        ReceivedMessage[] now;
        lock (_lock) { now = [.. _messages]; }
        return ((IEnumerable<ReceivedMessage>)now).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(ReceivedMessage message)
    {
        lock (_lock)
        {
            _total++;
            _messages.Enqueue(message);
            if (_messages.Count > Kept)
            {
                _messages.Dequeue();
            }
        }

        _changed.Fire();
    }
}
