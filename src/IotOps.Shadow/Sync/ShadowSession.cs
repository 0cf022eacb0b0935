using System.Diagnostics;
using System.Globalization;
using IotOps.Shadow.Store;
using IotOps.Shared;

namespace IotOps.Shadow.Sync;

/// <summary>
/// The conversation about one shadow: one request at a time, every answer bounded in time, versions in order. What the loop of the cache
/// calls is called by it alone; <see cref="SyncAsync"/> and <see cref="IsSubscribed"/> are safe from anywhere.
/// </summary>
internal sealed class ShadowSession(ShadowSlot slot, SyncContext context, CloudChange changes)
{
    private const int MaxConflicts = 10;

    // How long the update may come after its delta. The service sends the two together.
    private static readonly TimeSpan DeltaGrace = TimeSpan.FromSeconds(2);

    private readonly Round _round = new();
    private readonly Refusals _refusals = new(slot.Id, context.Options, context.Logger);
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private readonly Backoff _conflicts = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
    private readonly EarlyUpdates _early = new();
    private readonly ShadowDirection _direction = context.Options.Direction;
    private readonly ShadowSync _mode = context.Options.Sync;
    private volatile bool _subscribed;
    private volatile ShadowRejectedException? _lastRejection;
    private ShadowMessage? _earlyDelta;
    private bool _connected;
    private bool _isRead;
    private bool _mustRead;
    private bool _deleteUnsure;
    private readonly Outcomes _outcomes = new(context.Options.TimeProvider);
    private ShadowRequest? _inFlight;
    private TimeSpan _notBefore;
    private TimeSpan _nextRound = TimeSpan.MaxValue;
    private TimeSpan _deltaDeadline = TimeSpan.MaxValue;

    public ShadowSlot Slot => slot;

    /// <summary>The service's messages reach this device.</summary>
    public bool IsSubscribed
    {
        get => _subscribed;
        set => _subscribed = value;
    }

    /// <summary>The last refusal; null once something was accepted and no edit is refused any more.</summary>
    public ShadowRejectedException? LastRejection => _lastRejection ?? _refusals.Error;

    /// <summary>What waits is that device and cloud are of one state. Between two exchanges they need not be.</summary>
    public Health Health => _outcomes.ToHealth() with
    {
        LastError = LastRejection?.Message,
        LastErrorAt = null,
        Pending = _mode.IsManual || _outcomes.Waiting is not { } waiting || waiting <= (_mode.Interval ?? TimeSpan.Zero) ? null : waiting - (_mode.Interval ?? TimeSpan.Zero),
    };

    /// <summary>The edits that are refused.</summary>
    public IReadOnlyList<ShadowRejectedException> Refused => _refusals.Errors;

    /// <summary>Levels of names below a section that the service takes, as far as is known.</summary>
    public int MaxDepth => _refusals.MaxDepth;

    /// <summary>The request that waits for its answer.</summary>
    public ShadowRequest? InFlight
    {
        get => _inFlight;
        private set
        {
            _inFlight?.Span?.Dispose();
            _inFlight = value;
        }
    }

    /// <summary>When something falls due without a message; what is past wakes nobody, because what could be done then was done.</summary>
    public TimeSpan DueAfter(TimeSpan now)
    {
        TimeSpan due = Earlier(TimeSpan.MaxValue, _nextRound, now);
        due = Earlier(due, _deltaDeadline, now);
        due = Earlier(due, _refusals.RetryAt, now);
        return Earlier(due, InFlight?.Deadline ?? _notBefore, now);
    }

    /// <summary>Asks for a round of reading, merging and publishing, and waits for its end.</summary>
    public Task SyncAsync() => _round.AskAsync();

    /// <summary>The broker has accepted, again or for the first time: whatever was said meanwhile was missed.</summary>
    public void Connected(TimeSpan now)
    {
        InFlight = null;
        _connected = true;
        _isRead = _direction == ShadowDirection.ToCloud;
        _refusals.Reconnected();
        _notBefore = TimeSpan.Zero;
        _backoff.Reset();
        _conflicts.Reset();
        Forget();
        if (!_mode.IsManual)
        {
            BeginRound();
        }

        if (_mode.Interval is { } interval)
        {
            _nextRound = now + interval;
        }
    }

    public void Disconnected()
    {
        InFlight?.Span.Fail("disconnected", "The connection was lost before the answer.");
        InFlight = null;
        _connected = false;
    }

    /// <summary>Moves what has fallen due.</summary>
    public void Tick(TimeSpan now)
    {
        if (InFlight is { } request && now >= request.Deadline)
        {
            _lastRejection ??= new ShadowRejectedException(slot.Id, 408, $"The shadow service did not answer the {request.Operation} of shadow {slot.Id}; its outcome is read back.");
            Unsure(now);

            // Last, here and elsewhere: a logger that throws must not leave a step half done.
            context.Metrics.Timeout(slot.Id);
            Log.NoAnswer(context.Logger, slot.Id, request.Operation);
        }

        if (_connected && now >= _nextRound)
        {
            BeginRound();
            _nextRound = now + _mode.Interval!.Value;
        }

        if (now >= _deltaDeadline)
        {
            _deltaDeadline = TimeSpan.MaxValue;
            Gap();
        }

        _refusals.Tick(now);
    }

    /// <summary>What should be asked next; null for nothing now.</summary>
    public RequestKind? Wanted(TimeSpan now)
    {
        if (!_connected || !_subscribed || InFlight is not null || now < _notBefore)
        {
            return null;
        }

        if (_round is { IsAskedFor: true, IsOpen: false })
        {
            // Whoever asks for a round wants to know how the service answers now.
            _refusals.Clear();
            BeginRound();
        }

        if (!_mode.IsRealtime && !_round.IsOpen)
        {
            return null;
        }

        ShadowState state = slot.State;
        if (state.DeletePending && !_deleteUnsure && _direction != ShadowDirection.FromCloud)
        {
            return RequestKind.Delete;
        }

        if (_mustRead)
        {
            return RequestKind.Get;
        }

        bool mayUpdate = _isRead && _direction != ShadowDirection.FromCloud && !state.DeletePending;
        return mayUpdate && _refusals.Sendable(state) is not null ? RequestKind.Update : null;
    }

    /// <summary>Makes the request; null when there is nothing to ask after all.</summary>
    public async ValueTask<ShadowRequest?> BeginAsync(RequestKind kind, TimeSpan now)
    {
        ShadowState state = slot.State;
        ShadowValue? patch = null;
        if (kind == RequestKind.Update)
        {
            patch = _refusals.Sendable(state);

            // Remembered first: if the answer is lost, what the cloud then has of it is known to be this device's own. Nothing is sent of a
            // shadow that was deleted meanwhile, or whose edits were taken back.
            state = await ChangeAsync(before => before.DeletePending || before.Pending is null ? before : before with { Sent = patch }).ConfigureAwait(false);
            if (patch is null || !ReferenceEquals(state.Sent, patch) || state.DeletePending || state.Pending is null)
            {
                return null;
            }
        }
        else if (kind == RequestKind.Get)
        {
            _mustRead = false;
            _early.ReadBegins();
        }

        InFlight = new ShadowRequest(kind, context.NextToken(), state.Version, patch)
        {
            Deadline = now + context.Options.ReplyTimeout,
            Span = ShadowMetrics.Source.StartDetached("shadow request", ActivityKind.Client),
        };
        InFlight.Span?.SetTag("shadow", slot.Id.Name).SetTag("operation", InFlight.Operation);
        context.Metrics.Request(slot.Id, InFlight.Operation);
        return InFlight;
    }

    /// <summary>Whether an update names the version it builds on.</summary>
    public bool SendsVersion(ShadowRequest request) =>
        request.Kind == RequestKind.Update && _direction == ShadowDirection.Both && slot.State.Exists && request.Version > 0;

    /// <summary>A request could not be published; it may have arrived all the same.</summary>
    public void PublishFailed(ShadowRequest request, Exception error, TimeSpan now)
    {
        if (!ReferenceEquals(request, InFlight))
        {
            return;
        }

        _backoff.Next();
        Unsure(now);
        Log.NotPublished(context.Logger, slot.Id, request.Operation, error.Message);
    }

    /// <summary>Something failed that this package does not foresee, such as a resolver of the host's: the shadow is read again, later.</summary>
    public void Failed(TimeSpan now)
    {
        _backoff.Next();
        Unsure(now);
    }

    /// <summary>Takes what the service said.</summary>
    public async ValueTask OnMessageAsync(ShadowMessage message, TimeSpan now)
    {
        bool isAnswer = InFlight is { } request && message.Token.Length > 0 && request.Token == message.Token;
        switch (message.Kind)
        {
            case MessageKind.GetAccepted when isAnswer && InFlight!.Kind == RequestKind.Get:
                await OnReadAsync(message, Answered()).ConfigureAwait(false);
                break;
            case MessageKind.GetRejected when isAnswer && InFlight!.Kind == RequestKind.Get:
                await OnNotReadAsync(message, Answered(message), now).ConfigureAwait(false);
                break;
            case MessageKind.UpdateAccepted:
                await OnUpdatedAsync(message, isAnswer && InFlight!.Kind == RequestKind.Update).ConfigureAwait(false);
                break;
            case MessageKind.UpdateRejected when isAnswer && InFlight!.Kind == RequestKind.Update:
                OnRefused(message, Answered(message), now);
                break;
            case MessageKind.Delta when _mode.IsRealtime && _direction != ShadowDirection.ToCloud:
                await OnDeltaAsync(message, now).ConfigureAwait(false);
                break;
            case MessageKind.DeleteAccepted:
                await OnDeletedAsync(message, isAnswer && InFlight!.Kind == RequestKind.Delete).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Ends the round when nothing is left of it, and tells those who belong to it.</summary>
    /// <returns>True when another round is asked for, and can begin.</returns>
    public bool CompleteRound()
    {
        ShadowState state = slot.State;
        bool isSettled = _connected && _isRead && !_mustRead && InFlight is null && !state.DeletePending
            && (_direction == ShadowDirection.FromCloud || _refusals.Sendable(state) is null);
        if (isSettled)
        {
            _outcomes.Succeeded();
        }
        else
        {
            _outcomes.Waits();
        }

        if (!_round.IsOpen || !isSettled)
        {
            return false;
        }

        _round.End(_direction == ShadowDirection.FromCloud || state.Pending is null ? null : _refusals.Error);
        return _round.IsAskedFor;
    }

    /// <summary>Ends what waits: the cache is closing.</summary>
    public void Close() => _round.Close(new ObjectDisposedException(nameof(ShadowCache)));

    private static TimeSpan Earlier(TimeSpan due, TimeSpan at, TimeSpan now) => at > now && at < due ? at : due;

    private async ValueTask OnReadAsync(ShadowMessage message, ShadowRequest request)
    {
        Succeeded();
        ShadowState state = slot.State;
        if (_deleteUnsure)
        {
            // The delete did not arrive, or was refused: it is asked for again.
            _deleteUnsure = false;
        }

        if (state.DeletePending && _direction != ShadowDirection.FromCloud)
        {
            // What is about to be deleted does not come back here meanwhile.
            _isRead = true;
            return;
        }

        // Updates may have overtaken the answer. An answer below what was known when it was asked for is another shadow by this name.
        bool isOvertaken = state.Exists && message.Version < state.Version && message.Version >= request.Version;
        if (!isOvertaken)
        {
            await ChangeAsync(before => changes.Read(before, message)).ConfigureAwait(false);
            context.Metrics.Accepted(slot.Id);
        }

        _isRead = true;
        _earlyDelta = _earlyDelta?.Version > slot.State.Version ? _earlyDelta : null;
        if (!isOvertaken)
        {
            _early.ReadEnds();
        }

        await FollowAsync().ConfigureAwait(false);
    }

    private async ValueTask OnNotReadAsync(ShadowMessage message, ShadowRequest request, TimeSpan now)
    {
        if (message.Code == 404)
        {
            Succeeded();
            _deleteUnsure = false;
            _isRead = true;
            if (slot.State.Exists || slot.State.DeletePending)
            {
                await ChangeAsync(before => changes.Missing(before, before.Version)).ConfigureAwait(false);
            }

            _early.ReadEnds();
            await FollowAsync().ConfigureAwait(false);
            return;
        }

        ShadowRejectedException error = Rejected(request.Operation, message);
        _mustRead = true;
        PutOff(error, now);
        if (!error.IsTransient)
        {
            _round.End(error);
            if (_mode.Interval is not null)
            {
                // It is tried again all the same, not at the next interval.
                BeginRound();
            }
        }
    }

    private async ValueTask OnUpdatedAsync(ShadowMessage message, bool isAnswer)
    {
        bool isOwn = message.Token.StartsWith(context.TokenPrefix, StringComparison.Ordinal);
        if (isAnswer)
        {
            Answered();
            _refusals.Accepted();
            Succeeded();
            _conflicts.Reset();
        }

        if (_direction == ShadowDirection.ToCloud)
        {
            if (isOwn)
            {
                await ChangeAsync(before => changes.Updated(before, message, isOwn, isAnswer)).ConfigureAwait(false);
            }

            return;
        }

        if ((!isAnswer && !_mode.IsRealtime) || slot.State.DeletePending)
        {
            return;
        }

        if (!_isRead)
        {
            // The answer to the GET that is under way or about to be decides what this builds on.
            _mustRead |= !_early.TryAdd(message);
            return;
        }

        ShadowState state = slot.State;
        if (message.Version == state.Version + 1)
        {
            await TakeAsync(message, isOwn, isAnswer).ConfigureAwait(false);
            await FollowAsync().ConfigureAwait(false);
        }
        else if (message.Version > state.Version)
        {
            _early.TryAdd(message);
            Gap();
        }
        else if (!state.Exists || message.Timestamp > state.Timestamp)
        {
            // Old by its number and new by its time: the shadow was deleted and made again.
            Gap();
        }
    }

    private async ValueTask OnDeltaAsync(ShadowMessage message, TimeSpan now)
    {
        // By its own version, not only the document's: an update and its delta carry the same one.
        if (!_isRead || slot.State.DeletePending || message.State is not { IsObject: true } delta || message.Version <= slot.State.Version
            || message.Version <= (_earlyDelta?.Version ?? 0))
        {
            return;
        }

        _earlyDelta = message;
        _deltaDeadline = now + DeltaGrace;
        await ChangeAsync(before => changes.Delta(before, delta)).ConfigureAwait(false);
    }

    private async ValueTask OnDeletedAsync(ShadowMessage message, bool isAnswer)
    {
        if (isAnswer)
        {
            Answered();
            Succeeded();
        }
        else if (!_isRead || !_mode.IsRealtime || _direction == ShadowDirection.ToCloud)
        {
            // Read after this, or not at all.
            _mustRead |= _direction != ShadowDirection.ToCloud && _mode.IsRealtime;
            return;
        }
        else if (message.Version > 0 && message.Version < slot.State.Version)
        {
            return;
        }

        Forget();
        await ChangeAsync(before => changes.Missing(before, Math.Max(message.Version, before.Version))).ConfigureAwait(false);
        Log.Deleted(context.Logger, slot.Id, message.Version);
    }

    private void OnRefused(ShadowMessage message, ShadowRequest request, TimeSpan now)
    {
        ShadowRejectedException error = Rejected(request.Operation, message);
        if (message.Code == 409)
        {
            // Others were faster: the edits go onto what they made of it, which may be known here by now.
            _mustRead |= slot.State.Version <= request.Version;
            _notBefore = _conflicts.Failures == 0 ? now : now + _conflicts.Next();
            if (_conflicts.Failures == 0)
            {
                _conflicts.Next();
            }
            else if (_conflicts.Failures >= MaxConflicts)
            {
                _conflicts.Reset();
                SetAside(request, error, now);
            }
        }
        else if (error.IsTransient)
        {
            PutOff(error, now);
        }
        else if (Refusal.IsAboutContent(message.Code))
        {
            // Which member it is about is not known yet.
            _lastRejection = null;
            _refusals.Search(slot.State, request.Patch!, message.Code, message.Reason);
        }
        else
        {
            SetAside(request, error, now);
        }
    }

    // Applies what came early and now follows on.
    private async ValueTask FollowAsync()
    {
        while (_early.TryTake(slot.State.Version) is { } message)
        {
            await TakeAsync(message, message.Token.StartsWith(context.TokenPrefix, StringComparison.Ordinal), isAnswer: false).ConfigureAwait(false);
        }

        if (_early.Count > 0 && InFlight?.Kind != RequestKind.Get)
        {
            Gap();
        }
    }

    private async ValueTask TakeAsync(ShadowMessage message, bool isOwn, bool isAnswer)
    {
        ShadowMessage? delta = _earlyDelta;
        if (delta?.Version <= message.Version)
        {
            delta = _earlyDelta = null;
            _deltaDeadline = TimeSpan.MaxValue;
        }

        await ChangeAsync(before =>
        {
            ShadowState next = changes.Updated(before, message, isOwn, isAnswer);

            // A delta that came first is newer than this update, too.
            return delta is null ? next : changes.Delta(next, delta.State!);
        }).ConfigureAwait(false);
        context.Metrics.Accepted(slot.Id);
    }

    private void Gap()
    {
        if (!_mustRead && InFlight?.Kind != RequestKind.Get)
        {
            _mustRead = true;
            context.Metrics.Gap(slot.Id);
            Log.Gap(context.Logger, slot.Id, slot.State.Version);
        }
    }

    private void SetAside(ShadowRequest request, ShadowRejectedException error, TimeSpan now) =>
        _refusals.SetAside(slot.State, request.Patch!, error, Refusal.RetryAfter(error.Code, now));

    private ShadowRejectedException Rejected(string operation, ShadowMessage message)
    {
        context.Metrics.Rejected(slot.Id, message.Code);
        ShadowRejectedException error = Refusal.Rejection(slot.Id, operation, message.Code, message.Reason);
        _lastRejection = error;
        return error;
    }

    private void BeginRound()
    {
        _round.Begin();
        _mustRead |= _direction != ShadowDirection.ToCloud;
    }

    // With the message that refused it; null where it was accepted.
    private ShadowRequest Answered(ShadowMessage? refusal = null)
    {
        ShadowRequest request = InFlight!;
        if (refusal is not null)
        {
            request.Span.Fail(refusal.Code.ToString(CultureInfo.InvariantCulture), "The shadow service refused the request.");
        }

        InFlight = null;
        _notBefore = TimeSpan.Zero;
        return request;
    }

    private void Succeeded()
    {
        _backoff.Reset();
        _lastRejection = null;
    }

    // Whether the request arrived is not known: the cloud is asked, at once the first time.
    private void Unsure(TimeSpan now)
    {
        InFlight?.Span.Fail("timeout", "The shadow service did not answer.");
        _deleteUnsure |= InFlight?.Kind == RequestKind.Delete;
        InFlight = null;
        _mustRead |= _direction != ShadowDirection.ToCloud || _deleteUnsure;
        if (_backoff.Failures == 0)
        {
            _backoff.Next();
            _notBefore = TimeSpan.Zero;
        }
        else
        {
            _notBefore = now + _backoff.Next();
        }
    }

    // Too many requests are the thing's, not this shadow's: all of them pause together.
    private void PutOff(ShadowRejectedException error, TimeSpan now) =>
        _notBefore = error.Code == Refusal.TooManyRequests ? now : now + _backoff.Next();

    private void Forget()
    {
        _early.Clear();
        _earlyDelta = null;
        _deltaDeadline = TimeSpan.MaxValue;
    }

    private ValueTask<ShadowState> ChangeAsync(Func<ShadowState, ShadowState> change) => context.Store.ChangeAsync(slot, change, StoreDemand.None);
}
