using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Publishing;

namespace IotOps.Mqtt.Receiving;

/// <summary>All subscriptions and listeners of a connection, which outlive its links, and what the broker has to be told about them.</summary>
/// <param name="options">Limits and policies.</param>
/// <param name="counters">Told of what is received.</param>
/// <param name="state">The connection, for who gives up waiting for it.</param>
internal sealed class SubscriptionTable(MqttConnectionOptions options, MqttCounters counters, Func<MqttConnectionState> state)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FilterEntry> _filters = new(StringComparer.Ordinal);
    private readonly HashSet<Subscription> _subscriptions = [];

    // Of these the broker hears nothing.
    private readonly HashSet<Subscription> _listeners = [];

    // Filters that the broker may still have and nobody wants.
    private readonly Dictionary<string, LeavingFilter> _leaving = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private int _wishes;
    private bool _linked;

    // Null before a broker has said.
    private bool? _identifiers = options.ProtocolVersion == MqttProtocolVersion.V5 ? null : false;
    private bool _identifiersRefused;
    private MqttException? _closed;

    /// <summary>Ends when there may be work.</summary>
    public Task Changed
    {
        get { lock (_lock) { return _changed.Task; } }
    }

    /// <summary>Who gets a message.</summary>
    public MessageRouter Router { get; } = new();

    public static MqttException Closed() => new("The MQTT connection is disposed.");

    /// <summary>See <see cref="IMqttConnection.SubscribeAsync"/>.</summary>
    public async ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters, MqttSubscribeOptions? subscribe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topicFilters);
        cancellationToken.ThrowIfCancellationRequested();
        Subscription subscription = Add(topicFilters, subscribe ?? new MqttSubscribeOptions());
        try
        {
            await subscription.Granted.WaitAsync(cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw state().Cancelled($"The subscription to '{string.Join("', '", topicFilters)}'", cancellationToken);
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>See <see cref="MqttConnection.Listen"/>.</summary>
    public Subscription Listen(string topicFilter, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        options.Limits.CheckFilter(topicFilter);
        if (MqttTopic.IsShared(topicFilter))
        {
            throw new ArgumentException($"'{topicFilter}' is shared, and only the broker divides messages among a group: subscribe to it, or listen to '{MqttTopic.Unshared(topicFilter)}'.", nameof(topicFilter));
        }

        var listener = new Subscription(this, [topicFilter], new MqttSubscribeOptions { Capacity = capacity }, NewQueue(capacity));
        lock (_lock)
        {
            if (_closed is not null)
            {
                throw _closed;
            }

            _listeners.Add(listener);
            UseRoutes();
        }

        return listener;
    }

    /// <summary>Whether the broker may send this only because it does not know yet that nobody wants it any more.</summary>
    public bool IsLeaving(string topic)
    {
        lock (_lock)
        {
            return _leaving.Keys.Any(filter => MqttTopic.Matches(filter, topic));
        }
    }

    // The broker hears of it through TakeWork.
    private Subscription Add(IReadOnlyList<string> topicFilters, MqttSubscribeOptions subscribe)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(subscribe.Capacity, nameof(subscribe));
        string[] filters = [.. topicFilters.Distinct(StringComparer.Ordinal)];
        if (filters.Length == 0)
        {
            throw new ArgumentException("Give at least one topic filter.", nameof(topicFilters));
        }

        foreach (string filter in filters)
        {
            options.Limits.CheckFilter(filter);
        }

        var subscription = new Subscription(this, filters, subscribe, NewQueue(subscribe.Capacity));
        lock (_lock)
        {
            if (_closed is not null)
            {
                throw _closed;
            }

            int after = _filters.Count + filters.Count(f => !_filters.ContainsKey(f));
            if (after > options.Limits.Subscriptions)
            {
                throw new MqttException($"{after} topic filters would be subscribed; the limit is {options.Limits.Subscriptions} (MqttLimits.Subscriptions). Use wildcards, or dispose a subscription first.")
                {
                    Reason = MqttReasonCode.QuotaExceeded,
                };
            }

            if (_identifiers == false && Indistinct(filters, [.. _filters.Keys, .. filters]) is { } indistinct)
            {
                throw indistinct;
            }

            _subscriptions.Add(subscription);
            foreach (string filter in filters)
            {
                if (!_filters.TryGetValue(filter, out FilterEntry? entry))
                {
                    entry = new FilterEntry(filter, SubscriptionIdentifiers.For(filter, _filters.Values.Select(other => other.Identifier)));
                    _filters.Add(filter, entry);
                }

                entry.Users.Add(subscription);
                entry.Wanted = ++_wishes;
                if (_leaving.Remove(filter, out LeavingFilter? leaving))
                {
                    entry.Sent = true;
                    leaving.Waiter?.TrySetResult();
                }
            }

            Changes();
        }

        return subscription;
    }

    /// <summary>Takes a subscription out, and waits, within bounds, until the broker knows.</summary>
    public async ValueTask RemoveAsync(Subscription subscription)
    {
        List<Task> unsubscribed = [];
        lock (_lock)
        {
            Detach(subscription, unsubscribed);
        }

        subscription.End(error: null);
        if (unsubscribed.Count > 0)
        {
            await Task.WhenAll(unsubscribed).WaitAsync(options.CloseTimeout, options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The broker accepted a connection.</summary>
    /// <param name="sessionPresent">It knows what was subscribed.</param>
    /// <param name="identifiers">It says for which subscription each copy of a message is.</param>
    /// <param name="connection">Number of the connection.</param>
    public void LinkUp(bool sessionPresent, bool identifiers, long connection)
    {
        lock (_lock)
        {
            _linked = true;
            SetIdentifiers(identifiers && !_identifiersRefused);
            if (sessionPresent)
            {
                foreach (Subscription subscription in _subscriptions.Concat(_listeners))
                {
                    subscription.Queue.ReleaseEarlier(connection);
                }

                return;
            }

            EndLeaving(forget: true);
            foreach (FilterEntry entry in _filters.Values)
            {
                entry.Wanted = ++_wishes;
                entry.Sent = false;
            }
        }
    }

    /// <summary>The connection ended: nobody waits for an UNSUBACK any more; it is asked for again when the session is still there.</summary>
    public void LinkDown()
    {
        lock (_lock)
        {
            _linked = false;
            EndLeaving(forget: false);
        }
    }

    /// <summary>
    /// What the broker has to be told next, until it is empty: what it had before, then what is new, and when publications are under way already
    /// the suspects, one by one. Each filter is handed out again until <see cref="Answer"/>, <see cref="Fail"/> or <see cref="Unsubscribed"/> ends it.
    /// </summary>
    /// <param name="isOpen">Whether publications are sent by now.</param>
    public SubscriptionWork TakeWork(bool isOpen)
    {
        lock (_lock)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = NewSignal();
            }

            FilterEntry[] wanted = [.. _filters.Values.Where(entry => !entry.IsGranted)];
            FilterEntry[] before = [.. wanted.Where(entry => entry.WasGranted && !entry.IsSuspect)];
            if (before.Length > 0 || _leaving.Count > 0)
            {
                return Work(before, [.. _leaving.Keys]);
            }

            FilterEntry[] @new = [.. wanted.Where(entry => !entry.IsSuspect)];
            return @new.Length > 0 || !isOpen ? Work(@new, []) : Work([.. wanted.Take(1)], []) with { IsAlone = true };
        }
    }

    /// <summary>The connection ended while these were unanswered, and maybe because of one of them.</summary>
    /// <returns>The error of a filter that is given up.</returns>
    public MqttException? Interrupted(IReadOnlyList<ControlReply> replies, bool isAlone, MqttException error)
    {
        MqttException? givenUp = null;
        lock (_lock)
        {
            if (replies.Count > 0 && error.Reason == MqttReasonCode.SubscriptionIdentifiersNotSupported && _identifiers == true)
            {
                // It did not say so in its CONNACK.
                RefuseIdentifiers();
                return null;
            }

            foreach (string filter in replies.Where(reply => !reply.IsSubscribe).SelectMany(reply => reply.Filters))
            {
                if (_leaving.TryGetValue(filter, out LeavingFilter? leaving) && ++leaving.Interruptions >= Suspicion.Threshold)
                {
                    // The broker keeps sending what nobody wants, which is dropped: better than a connection that never stands.
                    _leaving.Remove(filter);
                }
            }

            foreach (string filter in replies.Where(reply => reply.IsSubscribe).SelectMany(reply => reply.Filters))
            {
                if (_filters.TryGetValue(filter, out FilterEntry? entry) && !entry.IsGranted)
                {
                    bool isNamed = Suspicion.NamesSubscription(error.Reason);
                    entry.Interruptions++;
                    entry.IsNamed |= isNamed;
                    if (isAlone && (isNamed || entry.Interruptions > Suspicion.Threshold))
                    {
                        givenUp = GivenUp(entry, error);
                        End(entry, givenUp);
                    }
                }
            }
        }

        return givenUp;
    }

    /// <summary>The broker's answer to these cannot be read: asked again, it would answer in the same way for ever.</summary>
    public void Fail(ControlReply reply, MqttException error)
    {
        lock (_lock)
        {
            foreach (string filter in reply.Filters)
            {
                if (!reply.IsSubscribe)
                {
                    _leaving.Remove(filter);
                }
                else if (_filters.TryGetValue(filter, out FilterEntry? entry) && !entry.IsGranted)
                {
                    End(entry, new MqttException($"The broker's answer to the subscription to '{filter}' cannot be read: {error.Message}", error) { Reason = error.Reason });
                }
            }
        }
    }

    /// <summary>The broker's word on a filter.</summary>
    public void Answer(string filter, int wish, byte reason)
    {
        lock (_lock)
        {
            if (!_filters.TryGetValue(filter, out FilterEntry? entry))
            {
                return;
            }

            if (reason == (byte)MqttReasonCode.SubscriptionIdentifiersNotSupported && entry.IsIdentified)
            {
                // It is asked for again, without.
                RefuseIdentifiers();
                return;
            }

            if (reason >= 0x80)
            {
                End(entry, MqttException.Refused($"The broker refused the subscription of '{options.ClientId}' to '{filter}' (its policy must allow iot:Subscribe)", (MqttReasonCode)reason));
                return;
            }

            entry.Granted = wish;
            entry.Interruptions = 0;
            entry.IsNamed = false;
            foreach (Subscription user in entry.Users)
            {
                if (user.TopicFilters.All(f => _filters[f].IsGranted))
                {
                    user.Grant();
                }
            }
        }
    }

    public void Unsubscribed(string filter)
    {
        lock (_lock)
        {
            if (_leaving.Remove(filter, out LeavingFilter? leaving))
            {
                leaving.Waiter?.TrySetResult();
            }
        }
    }

    /// <summary>Ends all subscriptions and listeners, and refuses new ones.</summary>
    public void Close(MqttException? error)
    {
        Subscription[] all;
        lock (_lock)
        {
            _closed = error ?? Closed();
            all = [.. _subscriptions, .. _listeners];
            _subscriptions.Clear();
            _listeners.Clear();
            _filters.Clear();
            EndLeaving(forget: true);
            UseRoutes();
        }

        foreach (Subscription subscription in all)
        {
            subscription.End(error);
        }
    }

    private MessageQueue NewQueue(int capacity) => new(capacity, options.ReceiveMaximum, counters.Dropped);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MqttException GivenUp(FilterEntry entry, MqttException error) =>
        new($"The subscription to '{entry.Filter}' is given up: {Suspicion.Ended(entry.Interruptions)} before the broker answered it, the last one with nothing else in flight ({error.Message}) "
            + $"Check whether the policy of '{options.ClientId}' allows the filter.", error)
        {
            Reason = error.Reason,
        };

    // Without identifiers a copy for the share cannot be told from one for the other filter, so that each would do the share's work again.
    private static MqttException? Indistinct(IEnumerable<string> filters, IReadOnlyList<string> all)
    {
        foreach (string filter in filters)
        {
            foreach (string other in all)
            {
                if (filter != other && (MqttTopic.IsShared(filter) || MqttTopic.IsShared(other)) && MqttTopic.Overlap(filter, other))
                {
                    return new MqttException($"'{filter}' and '{other}' match the same topics, one of them is shared, and this broker has no subscription identifiers: its copies cannot be told apart. Use a connection of its own for one of them.")
                    {
                        Reason = MqttReasonCode.SubscriptionIdentifiersNotSupported,
                    };
                }
            }
        }

        return null;
    }

    // What follows runs with the lock held.

    private void SetIdentifiers(bool identifiers)
    {
        _identifiers = identifiers;
        if (identifiers)
        {
            return;
        }

        List<string> kept = [];
        foreach (FilterEntry entry in _filters.Values.OrderBy(entry => entry.Wanted).ToArray())
        {
            if (_filters.ContainsKey(entry.Filter) && Indistinct([entry.Filter], kept) is { } indistinct)
            {
                End(entry, indistinct);
            }

            kept.Add(entry.Filter);
            kept.RemoveAll(filter => !_filters.ContainsKey(filter));
        }
    }

    private void RefuseIdentifiers()
    {
        _identifiersRefused = true;
        SetIdentifiers(identifiers: false);
    }

    private SubscriptionWork Work(FilterEntry[] wanted, string[] leaving)
    {
        foreach (FilterEntry entry in wanted)
        {
            entry.Sent = true;
            entry.IsIdentified = _identifiers == true;
        }

        return new SubscriptionWork(
            Array.ConvertAll(wanted, entry => new TopicSubscription(entry.Filter, entry.QualityOfService, entry.NoLocal, entry.IsIdentified ? entry.Identifier : 0)),
            Array.ConvertAll(wanted, entry => entry.Wanted),
            leaving);
    }

    private void End(FilterEntry entry, MqttException error)
    {
        entry.Sent = false;
        foreach (Subscription user in entry.Users.ToArray())
        {
            Detach(user, unsubscribed: null);
            user.End(error);
        }
    }

    private void Detach(Subscription subscription, List<Task>? unsubscribed)
    {
        if (_listeners.Remove(subscription))
        {
            UseRoutes();
            return;
        }

        if (!_subscriptions.Remove(subscription))
        {
            return;
        }

        foreach (string filter in subscription.TopicFilters)
        {
            FilterEntry entry = _filters[filter];
            entry.Users.Remove(subscription);
            if (entry.Users.Count > 0)
            {
                continue;
            }

            _filters.Remove(filter);
            if (entry.Sent)
            {
                TaskCompletionSource? waiter = _linked && unsubscribed is not null ? NewSignal() : null;
                _leaving[filter] = new LeavingFilter { Waiter = waiter };
                unsubscribed?.Add(waiter?.Task ?? Task.CompletedTask);
            }
        }

        Changes();
    }

    private void EndLeaving(bool forget)
    {
        foreach (LeavingFilter leaving in _leaving.Values)
        {
            leaving.Waiter?.TrySetResult();
            leaving.Waiter = null;
        }

        if (forget)
        {
            _leaving.Clear();
        }
    }

    private void Changes()
    {
        UseRoutes();
        _changed.TrySetResult();
    }

    private void UseRoutes() => Router.Use(SubscriptionRoutes.Of(_filters, _listeners));
}
