using IotOps.Logs.Journal;
using IotOps.Logs.Tail;

namespace IotOps.Logs.Lanes;

/// <summary>What is read: files, the journal, or both. One thread at a time calls it; <see cref="Notify"/> may come from any.</summary>
internal sealed class LogSources(LogTail? tail, JournalSource? journal) : IDisposable
{
    /// <summary>There is something to read.</summary>
    public bool Any => tail is not null || journal is not null;

    /// <summary>All that can be read is offered and taken.</summary>
    public bool IsIdle => (tail?.IsIdle ?? true) && (journal?.IsIdle ?? true);

    /// <summary>Sources with something that is not read now.</summary>
    public int Pending => (tail?.FilesPending ?? 0) + (journal is { IsFaulty: true } ? 1 : 0);

    /// <summary>Events that the configuration leaves out.</summary>
    public long EventsFiltered => (tail?.EventsFiltered ?? 0) + (journal?.Filtered ?? 0);

    /// <summary>Where the events of a source go now; null when the configuration does not say.</summary>
    public LogDestination? DestinationOf(long sourceId) => journal?.Id == sourceId ? journal.Destination : tail?.DestinationOf(sourceId);

    /// <summary>Makes the next <see cref="Poll"/> look at everything.</summary>
    public void Notify()
    {
        tail?.Notify();
        journal?.Notify();
    }

    /// <summary>Reads what is new and offers it. Never waits.</summary>
    public TailPoll Poll(IEventSinks sinks)
    {
        if (tail is null || journal is null)
        {
            return tail?.Poll(sinks) ?? journal?.Poll(sinks) ?? default;
        }

        TailPoll one = tail.Poll(sinks), other = journal.Poll(sinks);
        bool hasMore = one is { MoreToRead: true, Blocked: false } || other is { MoreToRead: true, Blocked: false };
        TimeSpan next = one.NextPoll < other.NextPoll ? one.NextPoll : other.NextPoll;
        return new TailPoll(one.MoreToRead || other.MoreToRead, one.Blocked || other.Blocked, hasMore ? TimeSpan.Zero : next);
    }

    public void Dispose()
    {
        tail?.Dispose();
        journal?.Dispose();
    }
}
