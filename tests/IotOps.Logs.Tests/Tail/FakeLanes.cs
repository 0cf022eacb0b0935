using System.Text;
using IotOps.Logs.Shipping;

namespace IotOps.Logs.Tests.Tail;

/// <summary>Lanes that keep what they take, and take no more than they are told to.</summary>
internal sealed class FakeLanes : ILogLanes
{
    private readonly Dictionary<LogDestination, FakeLane> _lanes = [];

    /// <summary>All events of all lanes in the order they were taken.</summary>
    public List<TakenEvent> Taken { get; } = [];

    public IEnumerable<string> Messages => Taken.Select(static e => e.Message);

    /// <summary>Sources said to vanish.</summary>
    public HashSet<long> Vanishing { get; } = [];

    /// <summary>Events each lane still takes.</summary>
    public int Room { get; set; } = int.MaxValue;

    public HashSet<string> BlockedStreams { get; } = [];

    public bool Keeps { get; set; } = true;

    public long Count { get; private set; }

    public ILogLane this[LogDestination destination]
    {
        get
        {
            if (!_lanes.TryGetValue(destination, out FakeLane? lane))
            {
                _lanes[destination] = lane = new FakeLane(this, destination);
            }

            return lane;
        }
    }

    private sealed class FakeLane(FakeLanes owner, LogDestination destination) : ILogLane
    {
        public LogDestination Destination => destination;

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
