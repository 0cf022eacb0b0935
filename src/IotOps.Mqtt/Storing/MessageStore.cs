using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Storing;

/// <summary>The messages that wait: in order, within their bound, and on the disk before they count. Safe for concurrent use.</summary>
internal sealed class MessageStore : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DurablePublisherOptions _options;
    private readonly ILogger _logger;
    private readonly Action _changed;
    private readonly LinkedList<StoredMessage> _messages = new();
    private readonly Signal _wake = new();
    private readonly MessageJournal _journal;
    private readonly Task _writing;
    private List<Write> _writes = [];
    private TaskCompletionSource? _empty;
    private long _nextId = 1;
    private long _bytes;
    private long _dropped;
    private bool _isDropping;
    private bool _closed;

    /// <param name="options">Where, and how many.</param>
    /// <param name="logger">Told of what is lost.</param>
    /// <param name="changed">Called, without a lock, when there may be something to send.</param>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public MessageStore(DurablePublisherOptions options, ILogger logger, Action changed)
    {
        _options = options;
        _logger = logger;
        _changed = changed;
        var found = new Dictionary<long, LinkedListNode<StoredMessage>>();
        _journal = new MessageJournal(options, record => Replay(record, found), out JournalDamage? damage);
        if (damage is { } lost)
        {
            Log.KeptMessagesDamaged(logger, options.Directory, lost.Offset, lost.Bytes, lost.IsTornEnd);
        }

        _writing = Task.Run(WriteAsync);
    }

    public int Count
    {
        get { lock (_lock) { return _messages.Count; } }
    }

    public long Bytes
    {
        get { lock (_lock) { return _bytes; } }
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Ends when the message is on the disk.</summary>
    /// <exception cref="MqttException">It has no room.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task AddAsync(string topic, byte[] record)
    {
        var write = new Write(record, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(DurablePublisher));
            MakeRoom(topic, StoredMessage.BytesOf(record.Length));
            _bytes += StoredMessage.BytesOf(record.Length);
            StoredRecord.SetId(record, _nextId++);
            _writes.Add(write);
        }

        _wake.Set();
        return write.Stored!.Task;
    }

    /// <summary>The first message that is not on its way, which then is; null when there is none.</summary>
    public StoredMessage? Take()
    {
        lock (_lock)
        {
            StoredMessage? message = _messages.FirstOrDefault(message => !message.IsUnderWay);
            if (message is not null)
            {
                message.IsUnderWay = true;
            }

            return message;
        }
    }

    /// <summary>It was not sent; it waits again, in its place.</summary>
    public void PutBack(StoredMessage message)
    {
        lock (_lock) { message.IsUnderWay = false; }
    }

    /// <summary>The broker has it, or will never take it.</summary>
    public void Done(StoredMessage message)
    {
        lock (_lock) { Remove(message); }
        _wake.Set();
    }

    /// <summary>Ends when nothing waits.</summary>
    public Task WhenEmpty()
    {
        lock (_lock)
        {
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CheckEmpty();
            return _empty?.Task ?? Task.CompletedTask;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock) { _closed = true; }
        _wake.Set();
        await _writing.ConfigureAwait(false);
        _journal.Dispose();
    }

    private void Replay(ReadOnlySpan<byte> record, Dictionary<long, LinkedListNode<StoredMessage>> found)
    {
        long id = StoredRecord.IdOf(record, out bool isDone);
        _nextId = Math.Max(_nextId, id + 1);
        if (!isDone)
        {
            var message = new StoredMessage(id, record.ToArray());
            found[id] = _messages.AddLast(message);
            _bytes += message.Bytes;
        }
        else if (found.Remove(id, out LinkedListNode<StoredMessage>? node))
        {
            _messages.Remove(node);
            _bytes -= node.Value.Bytes;
        }
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            Task wake = _wake.TakeAsync();
            List<Write> writes;
            bool closed;
            lock (_lock)
            {
                (writes, _writes) = (_writes, []);
                closed = _closed;
            }

            if (writes.Count > 0)
            {
                WriteOnce(writes);
            }
            else if (closed)
            {
                return;
            }
            else
            {
                await wake.ConfigureAwait(false);
            }
        }
    }

    private void WriteOnce(List<Write> writes)
    {
        Exception? error = null;
        try
        {
            _journal.Write(writes.Select(write => write.Record), flush: writes.Exists(write => write.Stored is not null), Live);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is done and could not be written is sent once more after a restart, and written away by the next compaction.
            error = e;
            Log.NotKept(_logger, _options.Directory, e);
        }

        lock (_lock)
        {
            foreach (Write write in writes.Where(write => write.Stored is not null))
            {
                if (error is null)
                {
                    _messages.AddLast(new StoredMessage(StoredRecord.IdOf(write.Record, out _), write.Record));
                }
                else
                {
                    _bytes -= StoredMessage.BytesOf(write.Record.Length);
                }
            }

            CheckEmpty();
        }

        foreach (Write write in writes)
        {
            if (error is null)
            {
                write.Stored?.TrySetResult();
            }
            else if (write.Stored is { } stored)
            {
                stored.TrySetException(new IOException($"The message was not kept: {error.Message}", error));

                // The caller may have given up waiting.
                _ = stored.Task.Exception;
            }
        }

        _changed();
    }

    private StoredMessage[] Live()
    {
        lock (_lock) { return [.. _messages]; }
    }

    // What follows runs with the lock held.

    private void MakeRoom(string topic, long bytes)
    {
        while (_bytes + bytes > _options.LimitBytes)
        {
            StoredMessage? oldest = _options.Overflow == DurableOverflow.DropOldest && bytes <= _options.LimitBytes
                ? _messages.FirstOrDefault(message => !message.IsUnderWay)
                : null;
            if (oldest is null)
            {
                throw new MqttException($"The message to '{topic}' cannot be kept: it takes {bytes} bytes, {_bytes} wait already, and LimitBytes is {_options.LimitBytes}.")
                {
                    Reason = MqttReasonCode.QuotaExceeded,
                    IsTransient = bytes <= _options.LimitBytes,
                };
            }

            if (!_isDropping)
            {
                _isDropping = true;
                Log.Dropping(_logger, _options.Directory, _options.LimitBytes);
            }

            Interlocked.Increment(ref _dropped);
            Remove(oldest);
        }
    }

    private void Remove(StoredMessage message)
    {
        if (_messages.Remove(message))
        {
            _bytes -= message.Bytes;
            _writes.Add(new Write(StoredRecord.Done(message.Id), Stored: null));
            CheckEmpty();
        }
    }

    private void CheckEmpty()
    {
        if (_messages.Count > 0 || _writes.Exists(write => write.Stored is not null))
        {
            return;
        }

        _isDropping = false;
        _empty?.TrySetResult();
        _empty = null;
    }

    private sealed record Write(byte[] Record, TaskCompletionSource? Stored);
}
