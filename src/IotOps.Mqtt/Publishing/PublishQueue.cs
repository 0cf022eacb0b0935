namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Publications that wait to be sent, in order, bounded by bytes; and what the offline policy makes of them while the connection is down.
/// The caller locks, and completes what is taken out.
/// </summary>
internal sealed class PublishQueue(MqttOfflinePolicy policy, long limitBytes)
{
    private readonly OperationList _list = new();

    // Kept while the connection is down under KeepNewestPerTopic.
    private Dictionary<string, PublishOperation>? _newest;

    public PublishOperation? First => _list.First;

    public int Count => _list.Count;

    public long Bytes => _list.Bytes;

    public bool Holds(PublishOperation operation) => operation.List == _list;

    /// <summary>Takes a publication in; an error when it may not wait, and one that it replaces.</summary>
    public MqttException? TryAdd(PublishOperation operation, bool down, MqttException? lastError, out PublishOperation? superseded)
    {
        superseded = null;
        if (down && (policy == MqttOfflinePolicy.Fail || (policy == MqttOfflinePolicy.KeepQoS1 && !operation.IsQoS1)))
        {
            return NotConnected(operation, lastError);
        }

        PublishOperation? older = null;
        if (down && policy == MqttOfflinePolicy.KeepNewestPerTopic)
        {
            _newest ??= new Dictionary<string, PublishOperation>(StringComparer.Ordinal);
            _newest.TryGetValue(operation.Topic, out older);
        }

        long after = _list.Bytes + operation.QueueBytes - (older?.QueueBytes ?? 0);
        if (after > limitBytes)
        {
            return new MqttException($"The publication to '{operation.Topic}' cannot wait: {_list.Bytes} bytes wait already, and QueueLimitBytes is {limitBytes}. Publish less, or wait for what was published before.")
            {
                Reason = MqttReasonCode.QuotaExceeded,
                IsTransient = true,
            };
        }

        if (older is not null)
        {
            _list.Remove(older);
            superseded = older;
        }

        _list.AddLast(operation);
        if (_newest is not null && down)
        {
            _newest[operation.Topic] = operation;
        }

        return null;
    }

    public void Remove(PublishOperation operation)
    {
        _list.Remove(operation);
        if (_newest is not null && _newest.TryGetValue(operation.Topic, out PublishOperation? newest) && newest == operation)
        {
            _newest.Remove(operation.Topic);
        }
    }

    /// <summary>Puts back, before everything else, what was sent to a session that is no more. Its bytes were accepted once already.</summary>
    public void PutBack(PublishOperation operation) => _list.AddFirst(operation);

    /// <summary>The connection is down, or the session was lost: takes out what may not wait.</summary>
    public void GoDown(MqttException error, List<(PublishOperation Operation, MqttException Error)> failed)
    {
        HashSet<string>? topics = policy == MqttOfflinePolicy.KeepNewestPerTopic ? new(StringComparer.Ordinal) : null;
        _newest = topics is null ? null : new Dictionary<string, PublishOperation>(StringComparer.Ordinal);
        for (PublishOperation? operation = _list.Last; operation is not null;)
        {
            PublishOperation? previous = operation.Previous;
            if (policy == MqttOfflinePolicy.Fail || (policy == MqttOfflinePolicy.KeepQoS1 && !operation.IsQoS1))
            {
                _list.Remove(operation);
                failed.Add((operation, NotConnected(operation, error)));
            }
            else if (topics is not null && !topics.Add(operation.Topic))
            {
                _list.Remove(operation);
                failed.Add((operation, Superseded(operation)));
            }
            else if (_newest is not null)
            {
                _newest[operation.Topic] = operation;
            }

            operation = previous;
        }
    }

    public void GoUp() => _newest = null;

    public static MqttException Superseded(PublishOperation operation) =>
        new($"The publication to '{operation.Topic}' was superseded by a newer one before it was sent (OfflinePolicy KeepNewestPerTopic).");

    private MqttException NotConnected(PublishOperation operation, MqttException? lastError)
    {
        string why = lastError is null ? "" : $" {lastError.Message}";
        return new MqttException($"The publication to '{operation.Topic}' was not sent: the connection is down, and OfflinePolicy is {policy}.{why}", lastError)
        {
            Reason = lastError?.Reason,
            IsTransient = true,
        };
    }
}
