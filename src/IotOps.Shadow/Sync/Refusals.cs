using IotOps.Shadow.Documents;
using IotOps.Shadow.Store;
using Microsoft.Extensions.Logging;

namespace IotOps.Shadow.Sync;

/// <summary>
/// Which of a shadow's edits the service does not take, and the search for them. A patch that is refused is sent again in halves, and each
/// half that is refused likewise: what passes is in the cloud, a member that is refused alone is set aside, and everything else goes on
/// without it. (IotOps.Logs does the same with a batch of events.)
/// </summary>
internal sealed class Refusals(ShadowId id, ShadowCacheOptions options, ILogger logger)
{
    // A member costs two requests for each halving: this finds three to six of them among hundreds. Where the service takes nothing at all,
    // for a reason that has to do with no member, it bounds what the search for one costs.
    private const int MaxRefusedInSearch = 64;

    private readonly List<Refusal> _refused = [];
    private readonly Stack<ShadowValue> _parts = [];
    private volatile ShadowRejectedException[] _errors = [];
    private volatile int _maxDepth = options.MaxDepth;
    private int _refusedInSearch;
    private ShadowState? _askedFor;
    private ShadowValue? _sendable;

    /// <summary>Levels of names below a section that the service takes, as far as is known. Safe from anywhere.</summary>
    public int MaxDepth => _maxDepth;

    /// <summary>What is refused now, the latest last. Safe from anywhere.</summary>
    public IReadOnlyList<ShadowRejectedException> Errors => _errors;

    /// <summary>All of it in one; null when nothing is refused.</summary>
    public ShadowRejectedException? Error => _errors is { Length: > 0 } errors ? Refusal.Together(id, errors) : null;

    /// <summary>When the next refusal is to be forgotten.</summary>
    public TimeSpan RetryAt
    {
        get
        {
            TimeSpan first = TimeSpan.MaxValue;
            foreach (Refusal refusal in _refused)
            {
                first = refusal.RetryAt < first ? refusal.RetryAt : first;
            }

            return first;
        }
    }

    /// <summary>What of the pending edits to send next; null when there is nothing, or nothing that the service would take.</summary>
    public ShadowValue? Sendable(ShadowState state)
    {
        // Asked for several times a round.
        if (!ReferenceEquals(state, _askedFor))
        {
            _sendable = Next(state);
            _askedFor = state;
        }

        return _sendable;
    }

    /// <summary>What was sent last is in the cloud.</summary>
    public void Accepted() => Tried();

    /// <summary>What was sent last is refused because of something in it: it is searched for.</summary>
    public void Search(ShadowState state, ShadowValue patch, int code, string reason)
    {
        if (code == 400 && DepthLimit.In(reason) is { } maximum && maximum < _maxDepth)
        {
            _maxDepth = maximum;
            _askedFor = null;
            Log.DepthLowered(logger, id, maximum, options.MaxDepth);
            if (Deep(patch) is not null)
            {
                // The next thing to send is the same without what is too deep.
                return;
            }
        }

        Divide(state, patch, code, reason);
    }

    /// <summary>What was sent last is not searched, but left for later: it is not about what was in it.</summary>
    public void SetAside(ShadowState state, ShadowValue patch, ShadowRejectedException error, TimeSpan retryAt)
    {
        _parts.Clear();
        Add(new Refusal(patch, error, retryAt, state.Cloud.ByteLength));
    }

    /// <summary>A new connection: what was refused for its content is no better now, everything else may be.</summary>
    public void Reconnected()
    {
        _parts.Clear();
        Remove(static refusal => refusal.Error.Code is not (400 or 415 or 422));
    }

    /// <summary>Forgets those whose time has come.</summary>
    public void Tick(TimeSpan now) => Remove(refusal => now >= refusal.RetryAt);

    /// <summary>Forgets all: the service is to be asked again.</summary>
    public void Clear()
    {
        _parts.Clear();
        Remove(static _ => true);
    }

    private ShadowValue? Next(ShadowState state)
    {
        if (state.Pending is not { } pending)
        {
            Clear();
            return null;
        }

        Remove(refusal =>
            PatchParts.Count(PatchParts.Without(pending, refusal.Patch)) == PatchParts.Count(pending)
            || (refusal.Error.Code == Refusal.TooLarge && state.Cloud.ByteLength < refusal.CloudBytes));
        while (true)
        {
            ShadowValue? rest = pending;
            foreach (Refusal refusal in _refused)
            {
                rest = PatchParts.Without(rest, refusal.Patch);
            }

            if (rest is null)
            {
                return null;
            }

            if (Deep(rest) is { } deep)
            {
                IReadOnlyList<string> paths = ShadowPath.Leaves(deep);
                Add(new Refusal(deep, Limits.TooDeep(id, paths, _maxDepth), TimeSpan.MaxValue, state.Cloud.ByteLength));
                continue;
            }

            ShadowValue next = Part(rest);
            ShadowValue? merged = ShadowMerge.Apply(state.Cloud, next);
            if (Limits.TooLarge(id, state.Cloud, merged, options) is null)
            {
                return next;
            }

            // As if the service had refused it, which it would.
            Divide(state, next, Refusal.TooLarge, $"the document would have {Limits.Bytes(merged)} bytes, MaxBytes is {options.MaxBytes}");
        }
    }

    // What of the rest is to be tried next: the part on top, as far as it is still pending.
    private ShadowValue Part(ShadowValue rest)
    {
        while (_parts.TryPeek(out ShadowValue? part))
        {
            if (PatchParts.Named(rest, part) is { } next)
            {
                return next;
            }

            Tried();
        }

        return rest;
    }

    private void Tried()
    {
        _parts.TryPop(out _);
        _askedFor = null;
    }

    private void Divide(ShadowState state, ShadowValue patch, int code, string reason)
    {
        // It was the part on top, or everything: then a search begins.
        _refusedInSearch = _parts.TryPop(out _) ? _refusedInSearch : 0;
        _askedFor = null;
        (ShadowValue? first, ShadowValue? second) = PatchParts.Halve(patch);
        if (first is null || second is null || _refusedInSearch == MaxRefusedInSearch)
        {
            Add(new Refusal(patch, Refusal.Rejection(id, "update", code, reason, ShadowPath.Leaves(patch)), TimeSpan.MaxValue, state.Cloud.ByteLength));
            return;
        }

        _refusedInSearch++;
        _parts.Push(second);
        _parts.Push(first);
        Log.Searching(logger, id, code, PatchParts.Count(patch), reason);
    }

    private ShadowValue? Deep(ShadowValue patch) => PatchParts.Deeper(patch, _maxDepth + 1);

    private void Add(Refusal refusal)
    {
        _refused.Add(refusal);
        Changed();
        Log.Refused(logger, id, refusal.Error.Code, refusal.Error.Message);
    }

    private void Remove(Predicate<Refusal> isDone)
    {
        if (_refused.RemoveAll(isDone) > 0)
        {
            Changed();
        }
    }

    private void Changed()
    {
        _errors = [.. _refused.ConvertAll(static refusal => refusal.Error)];
        _askedFor = null;
    }
}
