using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using IotOps.Shadow.Documents;
using IotOps.Shadow.Store;
using IotOps.Shadow.Sync;

namespace IotOps.Shadow;

/// <summary>
/// One shadow, as this device has it: read from memory, edited durably whether the cloud is in reach or not, and brought together with the
/// cloud per field. Safe for concurrent use.
/// </summary>
public sealed class DeviceShadow
{
    private readonly ShadowSlot _slot;
    private readonly ShadowSession _session;
    private readonly SyncContext _context;
    private readonly SyncLoop _loop;
    private readonly Lock _gate = new();
    private DeltaWatcher[] _watchers = [];

    internal DeviceShadow(ShadowSlot slot, ShadowSession session, SyncContext context, SyncLoop loop)
    {
        _slot = slot;
        _session = session;
        _context = context;
        _loop = loop;
        Desired = new ShadowView(this, ShadowSection.Desired);
        Reported = new ShadowView(this, ShadowSection.Reported);
        slot.Changed = OnChanged;
    }

    /// <summary>Which shadow.</summary>
    public ShadowId Id => _slot.Id;

    /// <summary>What the cloud wants.</summary>
    public ShadowView Desired { get; }

    /// <summary>What this device says it is.</summary>
    public ShadowView Reported { get; }

    /// <summary>The cloud's newest version known; 0 before the first word from it.</summary>
    public long Version => State.Version;

    /// <summary>Whether the cloud had this shadow at the last word from it.</summary>
    public bool Exists => State.Exists;

    /// <summary>The patch that the cloud still lacks, with <c>desired</c> and <c>reported</c>; null when it has everything.</summary>
    public ShadowValue? Pending => State.Pending;

    /// <summary>
    /// Why the service last refused a request or did not answer (408); null once it has accepted one and no edit is refused any more.
    /// </summary>
    public ShadowRejectedException? LastRejection => _session.LastRejection;

    /// <summary>
    /// The edits that the service does not take, with their paths. They stay in <see cref="Pending"/> and hold up nothing; each is sent again
    /// when it is changed, when <see cref="SyncAsync"/> is called, one that was too large (413) when the cloud's document has become smaller, and
    /// one that the policy did not allow (401, 403) every five minutes.
    /// </summary>
    public IReadOnlyList<ShadowRejectedException> Refused => _session.Refused;

    /// <summary>What is desired and not reported; null when there is nothing.</summary>
    public ShadowDelta? Delta => DeltaWatcher.DeltaOf(State);

    internal ShadowState State => _slot.State;

    /// <summary>Merges a patch into both sections as one edit; errors as of <see cref="ShadowView.SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    /// <param name="desired">For the desired section; null leaves it.</param>
    /// <param name="reported">For the reported section; null leaves it.</param>
    /// <param name="cancellationToken">Ends the wait; the edit may still be made.</param>
    public async ValueTask MergeAsync(ShadowValue? desired, ShadowValue? reported, CancellationToken cancellationToken = default)
    {
        var sections = new MemberList(2);
        sections.Add(SectionNames.Desired, desired);
        sections.Add(SectionNames.Reported, reported);
        ShadowValue? patch = sections.ToObject();
        await EditAsync(local => ShadowMerge.Apply(local, patch), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The deltas, the present one first, then each time it has changed. Who is slow gets the newest only: a delta holds everything that differs,
    /// so none is missed. One that was accepted and came back meanwhile, because the device could not keep it, comes again; a value that is asked
    /// for again while it is still asked for is no change. Any number of readers.
    /// </summary>
    public async IAsyncEnumerable<ShadowDelta> DeltasAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watcher = new DeltaWatcher();
        lock (_gate) { _watchers = [.. _watchers, watcher]; }

        try
        {
            watcher.Begin(_slot);
            while (true)
            {
                Task changed = watcher.ChangedAsync();
                if (watcher.TryTake() is { } delta)
                {
                    yield return delta;
                }

                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate) { _watchers = Array.FindAll(_watchers, each => each != watcher); }
        }
    }

    /// <summary>Calls a handler for each delta, one after the other, the present one first. What it throws is logged.</summary>
    /// <param name="handler">May take its time; what changes meanwhile comes as one delta.</param>
    /// <returns>Ends the calls: disposal waits for the one that is running.</returns>
    public IAsyncDisposable OnDelta(Func<ShadowDelta, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new DeltaCalls(this, handler, _context.Logger);
    }

    /// <summary>Reports a delta as done: the reported values become the desired ones of the delta.</summary>
    /// <returns>What was applied: the part of the reported section that changed by it; empty when it was so already.</returns>
    /// <inheritdoc cref="ShadowView.SetAsync(string, ShadowValue, CancellationToken)" path="/exception"/>
    public ValueTask<ShadowValue> AcceptDeltaAsync(ShadowDelta delta, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delta);
        return AcceptDeltaAsync(delta.State, cancellationToken);
    }

    /// <summary>Reports what was made of a delta: a part of it, or other values where the device could not follow.</summary>
    /// <param name="applied">An object to merge into the reported section.</param>
    /// <param name="cancellationToken">Ends the wait; the edit may still be made.</param>
    /// <returns>What was applied: the part of the reported section that changed by it; empty when it was so already.</returns>
    /// <inheritdoc cref="ShadowView.SetAsync(string, ShadowValue, CancellationToken)" path="/exception"/>
    public async ValueTask<ShadowValue> AcceptDeltaAsync(ShadowValue applied, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(applied);
        ShadowValue patch = ShadowValue.FromSorted([SectionNames.Reported], [applied]);
        ShadowValue? change = null;
        await EditAsync(
            local =>
            {
                ShadowValue? next = ShadowMerge.Apply(local, patch);
                change = ShadowMerge.Diff(local.Member(SectionNames.Reported), next?.Member(SectionNames.Reported));
                return next;
            },
            cancellationToken).ConfigureAwait(false);
        return change ?? ShadowValue.EmptyObject;
    }

    /// <summary>
    /// Deletes the shadow: here at once and durably, in the cloud when it is in reach, whatever the cloud has made of it by then. Edits made
    /// afterwards make a new one. The same errors as an edit.
    /// </summary>
    public async ValueTask DeleteAsync(CancellationToken cancellationToken = default)
    {
        RequireEditable();
        await _context.Store.ChangeAsync(
            _slot,
            static state => state.With(ShadowValue.EmptyObject, ShadowValue.EmptyObject) with { Metadata = ShadowValue.EmptyObject, DeletePending = true, Sent = null },
            Demand,
            cancellationToken).ConfigureAwait(false);
        _loop.Wake();
    }

    /// <summary>Drops the edits that the cloud lacks, durably: this device then has what the cloud had at the last word from it.</summary>
    public async ValueTask DiscardPendingAsync(CancellationToken cancellationToken = default) =>
        await _context.Store.ChangeAsync(_slot, static state => state.WithLocal(state.Cloud), Demand, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Reads the cloud's state, merges, publishes what is pending, and returns when the cloud has accepted it. Waits while the connection
    /// is down.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the round goes on.</param>
    /// <exception cref="ShadowRejectedException">The service refused; the edits stay pending.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up; the message and the inner exception say why, where the connection is down.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken = default)
    {
        Task round = _session.SyncAsync();
        _loop.Wake();
        try
        {
            await round.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw _context.Options.Connection.State.Cancelled($"Synchronizing shadow {Id}", cancellationToken);
        }
    }

    /// <summary>The same shadow by a type of yours.</summary>
    /// <param name="typeInfo">From a source-generated <c>JsonSerializerContext</c>.</param>
    public Shadow<T> As<T>(JsonTypeInfo<T> typeInfo)
        where T : class => new(this, typeInfo);

    internal async ValueTask EditAsync(Func<ShadowValue, ShadowValue?> edit, CancellationToken cancellationToken)
    {
        RequireEditable();
        ShadowCacheOptions options = _context.Options;
        ShadowId id = Id;
        await _context.Store.ChangeAsync(
            _slot,
            state =>
            {
                ShadowValue local = edit(state.Local) ?? ShadowValue.EmptyObject;
                if (ReferenceEquals(local, state.Local) || local.Equals(state.Local))
                {
                    return state;
                }

                if (local.HasNullInArray)
                {
                    throw new ArgumentException($"An array for shadow {id} holds a null; the shadow service refuses that: leave the item out.", nameof(edit));
                }

                if (Limits.Check(id, state.Local, local, _session.MaxDepth, options) is { } tooMuch)
                {
                    throw tooMuch;
                }

                return state.WithLocal(local);
            },
            Demand,
            cancellationToken).ConfigureAwait(false);
        _context.Metrics.Edit(id);
    }

    private StoreDemand Demand => _context.Options.Durability == ShadowDurability.Flushed ? StoreDemand.Flushed : StoreDemand.Written;

    private void RequireEditable()
    {
        if (_context.Options.Direction == ShadowDirection.FromCloud)
        {
            throw new InvalidOperationException($"Shadow {Id} only mirrors the cloud; for edits on the device choose {nameof(ShadowDirection)}.{nameof(ShadowDirection.Both)}.");
        }
    }

    private void OnChanged(ShadowState before, ShadowState after)
    {
        if (!ReferenceEquals(before.Local, after.Local))
        {
            _loop.Wake();
            DeltaWatcher[] watchers = Volatile.Read(ref _watchers);
            ShadowDelta? delta = watchers.Length == 0 ? null : DeltaWatcher.DeltaOf(after);
            foreach (DeltaWatcher watcher in watchers)
            {
                watcher.Next(delta);
            }
        }
    }
}
