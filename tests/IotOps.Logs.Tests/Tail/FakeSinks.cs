using System.Text;
using IotOps.Logs.Tail;

namespace IotOps.Logs.Tests.Tail;

/// <summary>Sinks that keep what they take, and take no more than they are told to.</summary>
internal sealed class FakeSinks : IEventSinks
{
    private readonly Dictionary<LogDestination, FakeSink> _sinks = [];

    /// <summary>All events of all sinks in the order they were taken.</summary>
    public List<TakenEvent> Taken { get; } = [];

    public IEnumerable<string> Messages => Taken.Select(static e => e.Message);

    /// <summary>Sources said to vanish.</summary>
    public HashSet<long> Vanishing { get; } = [];

    /// <summary>Events each sink still takes.</summary>
    public int Room { get; set; } = int.MaxValue;

    public HashSet<string> BlockedStreams { get; } = [];

    public bool Keeps { get; set; } = true;

    public long Count { get; private set; }

    public IEventSink this[LogDestination destination]
    {
        get
        {
            if (!_sinks.TryGetValue(destination, out FakeSink? sink))
            {
                _sinks[destination] = sink = new FakeSink(this, destination);
            }

            return sink;
        }
    }

    private sealed class FakeSink(FakeSinks owner, LogDestination destination) : IEventSink
    {
        public bool TryAppend(in TailedEvent tailed)
        {
            if (owner.Room == 0 || owner.BlockedStreams.Contains(destination.Stream))
            {
                return false;
            }

            owner.Room--;
            owner.Count++;
            if (owner.Keeps)
            {
                owner.Taken.Add(new TakenEvent(
                    destination, tailed.SourceId, tailed.EndOffset, tailed.Timestamp, Encoding.UTF8.GetString(tailed.Message)));
            }

            return true;
        }

        public void SourceIsVanishing(long sourceId) => owner.Vanishing.Add(sourceId);
    }
}
