using System.Collections;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator;

/// <summary>
/// What clients published: the latest 10,000 messages of 64 MB together, oldest first. Wills and what the emulator itself publishes are not
/// in it. Thread-safe; looking through it sees it as it was at that moment.
/// </summary>
public sealed class ReceivedMessageCollection : IReadOnlyCollection<ReceivedMessage>
{
    private readonly RecentItems<ReceivedMessage> _messages;

    internal ReceivedMessageCollection(RecentItems<ReceivedMessage> messages) => _messages = messages;

    /// <summary>Messages received since the start.</summary>
    public long Total => _messages.Total;

    /// <summary>Messages that are still held.</summary>
    public int Count => _messages.Latest().Length;

    /// <summary>Waits until so many messages that are held match a filter, and returns them all. There is no limit but the token.</summary>
    /// <param name="topicFilter">A topic, or a filter with <c>+</c> and <c>#</c>; a leading wildcard does not take in <c>$aws</c>.</param>
    /// <param name="count">How many to wait for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ReceivedMessage>> WaitForAsync(string topicFilter, int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicFilter);
        while (true)
        {
            Task changed = _messages.Changed.Next;
            ReceivedMessage[] found = [.. _messages.Latest().Where(m => TopicFilter.Matches(topicFilter, m.Topic))];
            if (found.Length >= count)
            {
                return found;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what was received; <see cref="Total"/> stays.</summary>
    public void Clear() => _messages.Clear();

    /// <inheritdoc/>
    public IEnumerator<ReceivedMessage> GetEnumerator() => ((IEnumerable<ReceivedMessage>)_messages.Latest()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
