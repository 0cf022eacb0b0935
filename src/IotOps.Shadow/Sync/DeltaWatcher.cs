using IotOps.Shadow.Documents;
using IotOps.Shadow.Store;
using IotOps.Shared;

namespace IotOps.Shadow.Sync;

/// <summary>
/// What one reader of deltas has seen. It counts changes rather than comparing values: a delta that was accepted and came back while the
/// reader was busy is the same value, and must be delivered all the same.
/// </summary>
internal sealed class DeltaWatcher
{
    private readonly Lock _gate = new();
    private readonly Signal _changed = new();
    private ShadowDelta? _delta;
    private long _changes;
    private long _taken;

    /// <summary>Begins with the present state. Called once this watcher hears of each new one, so that none is missed in between.</summary>
    public void Begin(ShadowSlot slot)
    {
        // Read under the lock: a newer state, published meanwhile, comes after this one.
        lock (_gate) { See(DeltaOf(slot.State)); }
    }

    /// <summary>Takes note of the delta of the next state.</summary>
    public void Next(ShadowDelta? delta)
    {
        bool isChange;
        lock (_gate) { isChange = See(delta); }

        if (isChange)
        {
            _changed.Set();
        }
    }

    /// <summary>Completes at the next change; taken before <see cref="TryTake"/>, so that a change meanwhile is not missed.</summary>
    public Task ChangedAsync() => _changed.TakeAsync();

    /// <summary>The present delta, when there is one and it has changed since the last that was taken.</summary>
    public ShadowDelta? TryTake()
    {
        lock (_gate)
        {
            if (_taken == _changes)
            {
                return null;
            }

            _taken = _changes;
            return _delta;
        }
    }

    /// <summary>What is desired and not reported; null when there is nothing.</summary>
    public static ShadowDelta? DeltaOf(ShadowState state) =>
        ShadowMerge.Delta(state.Local.Member(SectionNames.Desired), state.Local.Member(SectionNames.Reported)) is { } delta
            ? new ShadowDelta(delta, state.Version)
            : null;

    private bool See(ShadowDelta? delta)
    {
        bool isChange = !Equals(delta?.State, _delta?.State);
        _delta = delta;
        _changes += isChange ? 1 : 0;
        return isChange;
    }
}
