namespace IotOps.Emulator.Sqs;

/// <summary>One standard queue: at least once, and in the order of sending unless <see cref="Disorder"/> says otherwise. Thread-safe.</summary>
internal sealed class MessageQueue(string name, string arn, QueueSettings settings, TimeProvider time)
{
    private const int MaxInFlight = 120_000;

    // Of a hundred deliveries in disorder so many come once more although they were received; the next ones are picked out of so many.
    private const int RepeatedOfHundred = 10;
    private const int PickedFrom = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueueMessage> _messages = new(StringComparer.Ordinal);

    // By the time from which they are visible. What was deleted or hidden for longer stays in it until it comes up.
    private readonly PriorityQueue<(QueueMessage Message, DateTimeOffset VisibleAt), (DateTimeOffset VisibleAt, long Order)> _order = new();
    private TaskCompletionSource _arrived = NewSignal();
    private QueueSettings _settings = settings;
    private long _nextOrder;
    private int _inFlight;

    public string Name => name;

    public string Arn => arn;

    public DateTimeOffset CreatedAt { get; } = time.GetUtcNow();

    /// <summary>The queue for messages that were received too often; null for none.</summary>
    public Func<string, MessageQueue?> DeadLetters { get; init; } = _ => null;

    /// <summary>Deliveries come in any order and sometimes twice, as those of a standard queue may; null for neither.</summary>
    public Random? Disorder { get; set; }

    public QueueSettings Settings
    {
        get { lock (_lock) { return _settings; } }
        set { lock (_lock) { _settings = value; } }
    }

    public QueueMessage Send(string body, TimeSpan? delay = null)
    {
        TaskCompletionSource arrived;
        QueueMessage message;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            message = new QueueMessage(body, now, now + (delay ?? _settings.Delay));
            _messages.Add(message.Id, message);
            Line(message);
            (arrived, _arrived) = (_arrived, NewSignal());
        }

        arrived.TrySetResult();
        return message;
    }

    /// <summary>Takes what is visible; waits for it as long as it may.</summary>
    public async Task<IReadOnlyList<Received>> ReceiveAsync(int limit, TimeSpan? visibility, TimeSpan wait, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            Task arrived;
            TimeSpan untilNext;
            lock (_lock)
            {
                List<Received> taken = Take(limit, visibility ?? _settings.Visibility);
                TimeSpan left = wait - time.GetElapsedTime(start);
                if (taken.Count > 0 || left <= TimeSpan.Zero)
                {
                    return taken;
                }

                arrived = _arrived.Task;
                untilNext = UntilNext(left);
            }

            try
            {
                await arrived.WaitAsync(untilNext, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // A message becomes visible now, or the wait has ended.
            }
        }
    }

    /// <summary>Deletes a message by its newest delivery; an older one's receipt is taken and does nothing, which SQS leaves open.</summary>
    public void Delete(ReceiptHandle receipt)
    {
        lock (_lock)
        {
            if (_messages.GetValueOrDefault(receipt.MessageId) is { } message && message.Receives == receipt.Delivery)
            {
                Remove(message);
            }
        }
    }

    /// <summary>Hides a received message for another time; false when it is visible, deleted, or with another receiver.</summary>
    public bool TryHide(ReceiptHandle receipt, TimeSpan visibility)
    {
        TaskCompletionSource arrived;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_messages.GetValueOrDefault(receipt.MessageId) is not { } message || message.Receives != receipt.Delivery || message.VisibleAt <= now)
            {
                return false;
            }

            message.VisibleAt = now + visibility;
            Line(message);
            (arrived, _arrived) = (_arrived, NewSignal());
        }

        arrived.TrySetResult();
        return true;
    }

    public void Purge()
    {
        lock (_lock)
        {
            _messages.Clear();
            _order.Clear();
            _inFlight = 0;
        }
    }

    /// <summary>Messages that can be received, that were and are out of sight, and that are delayed.</summary>
    public (int Visible, int InFlight, int Delayed) Count()
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            QueueMessage[] kept = [.. _messages.Values.Where(message => !IsExpired(message, now))];
            return (
                kept.Count(message => message.VisibleAt <= now),
                kept.Count(message => message.VisibleAt > now && message.Receives > 0),
                kept.Count(message => message.VisibleAt > now && message.Receives == 0));
        }
    }

    /// <summary>The bodies of all messages, the oldest first.</summary>
    public IReadOnlyList<string> Bodies()
    {
        lock (_lock) { return [.. _messages.Values.Select(message => message.Body)]; }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Line(QueueMessage message) => _order.Enqueue((message, message.VisibleAt), (message.VisibleAt, _nextOrder++));

    private bool IsExpired(QueueMessage message, DateTimeOffset now) => now - message.SentAt > _settings.Retention;

    private void Remove(QueueMessage message)
    {
        _messages.Remove(message.Id);
        Land(message);
    }

    private void Land(QueueMessage message)
    {
        _inFlight -= message.IsInFlight ? 1 : 0;
        message.IsInFlight = false;
    }

    private List<Received> Take(int limit, TimeSpan visibility)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<QueueMessage> visible = Visible(Disorder is null ? limit : PickedFrom, now);
#pragma warning disable CA5394 // The test's own seed; nothing secret depends on it.
        Disorder?.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(visible));
        foreach (QueueMessage message in visible.Skip(limit))
        {
            Line(message);
        }

        List<Received> taken = [];
        foreach (QueueMessage message in visible.Take(limit))
        {
            bool comesAgain = Disorder?.Next(100) < RepeatedOfHundred;
            message.Receives++;
            message.FirstReceivedAt ??= now;
            message.VisibleAt = comesAgain ? now : now + visibility;
            message.IsInFlight = true;
            _inFlight++;
            Line(message);
            taken.Add(new Received(message.Id, message.Receipt, message.Body, message.SentAt, message.FirstReceivedAt.Value, message.Receives));
        }
#pragma warning restore CA5394

        return taken;
    }

    private List<QueueMessage> Visible(int limit, DateTimeOffset now)
    {
        List<QueueMessage> visible = [];
        while (visible.Count < limit && _order.TryPeek(out (QueueMessage Message, DateTimeOffset VisibleAt) next, out _) && next.VisibleAt <= now)
        {
            if (_inFlight >= MaxInFlight)
            {
                throw SqsRefusal.OverLimit();
            }

            _order.Dequeue();
            QueueMessage message = next.Message;
            if (!_messages.ContainsKey(message.Id) || message.VisibleAt != next.VisibleAt)
            {
                continue;
            }

            Land(message);
            if (IsExpired(message, now))
            {
                Remove(message);
            }
            else if (_settings.DeadLetterArn is { } target && message.Receives >= _settings.MaxReceives && DeadLetters(target) is { } dead)
            {
                Remove(message);
                dead.Send(message.Body, TimeSpan.Zero);
            }
            else
            {
                visible.Add(message);
            }
        }

        return visible;
    }

    private TimeSpan UntilNext(TimeSpan left)
    {
        if (!_order.TryPeek(out (QueueMessage Message, DateTimeOffset VisibleAt) first, out _))
        {
            return left;
        }

        TimeSpan next = first.VisibleAt - time.GetUtcNow();
        TimeSpan least = TimeSpan.FromMilliseconds(1);
        return next > left ? left : next < least ? least : next;
    }

    /// <summary>A delivery.</summary>
    internal sealed record Received(string Id, string Receipt, string Body, DateTimeOffset SentAt, DateTimeOffset FirstReceivedAt, int Receives);
}
