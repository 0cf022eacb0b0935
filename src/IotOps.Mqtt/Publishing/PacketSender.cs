using System.Buffers;
using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Connecting;

namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Writes packets to one connection. Packets are encoded into a buffer under the outbox's lock; whoever finds nobody writing writes all that
/// has gathered, in one write that always ends with a whole packet, and what gathers meanwhile goes with the next.
/// </summary>
/// <remarks>
/// A write holds up to <see cref="HighWater"/> bytes and one packet more; a packet is never split over writes. Publications beyond stay in
/// the outbox's queue.
/// </remarks>
internal sealed class PacketSender(Transport transport, MqttProtocolVersion version, Lock gate, TimeProvider time) : IThreadPoolWorkItem, IDisposable
{
    public const int HighWater = 64 * 1024;
    private const int Usual = 8 * 1024;

    private byte[] _filling = ArrayPool<byte>.Shared.Rent(Usual);
    private byte[] _writing = ArrayPool<byte>.Shared.Rent(Usual);
    private OperationList _fillingOperations = new();
    private OperationList _writingOperations = new();
    private long _sentAt = time.GetTimestamp();
    private long _writes;
    private int _filled;
    private int _toWrite;
    private bool _busy;
    private MqttException? _error;
    private Task _write = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Called with the gate held when a write has ended and there is room again.</summary>
    public Action? Drained { get; set; }

    /// <summary>Called without the gate when a write has failed.</summary>
    public Action<MqttException>? Failed { get; set; }

    /// <summary>Time stamp of the last write.</summary>
    public long LastSentAt => Volatile.Read(ref _sentAt);

    /// <summary>Ends with the write under way.</summary>
    public Task Write => _write;

    // What follows is called with the gate held.

    public SendProgress Progress { get; } = new(transport.Meter);

    /// <summary>Number of the write that what is appended now is part of.</summary>
    public long NextWrite => _writes + 1;

    /// <summary>Whether something is appended that has not left.</summary>
    public bool IsBehind => _filled > 0 || Progress.LeftWrite < _writes;

    public bool HasRoom => _filled < HighWater && _error is null;

    public void Append(PublishOperation operation)
    {
        int length = operation.PacketLength;
        PublishCodec.Write(
            Reserve(length), version, operation.BodyLength, operation.Topic, operation.Payload.Span,
            operation.QualityOfService, operation.PacketId, operation.Sent, operation.Options);
        if (!operation.IsQoS1)
        {
            _fillingOperations.AddLast(operation);
        }
    }

    public void AppendPubAck(ushort packetId, MqttReasonCode reason)
    {
        if (reason == MqttReasonCode.Success || version != MqttProtocolVersion.V5)
        {
            PubAckCodec.Write(Reserve(PubAckCodec.Length), packetId);
        }
        else
        {
            PubAckCodec.Write(Reserve(PubAckCodec.LengthWithReason), packetId, reason);
        }
    }

    public void Append(ReadOnlySpan<byte> packet) => packet.CopyTo(Reserve(packet.Length));

    /// <summary>True when the caller has become the one who writes: it must call <see cref="Run"/> or <see cref="Schedule"/>.</summary>
    public bool TryClaim()
    {
        if (_busy || _filled == 0 || _error is not null)
        {
            return false;
        }

        _busy = true;
        return true;
    }

    /// <summary>Takes out the QoS 0 publications that were not written.</summary>
    public void Close(MqttException error, List<PublishOperation> unwritten)
    {
        _error ??= error;
        Take(_fillingOperations, unwritten);
        Take(_writingOperations, unwritten);
    }

    // What follows is called without it.

    /// <summary>Writes later, on another thread, so that what is published meanwhile goes with it.</summary>
    public void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Writes what has gathered here and now; more that gathers meanwhile is left to another thread.</summary>
    public void Run()
    {
        if (WriteOnce())
        {
            Schedule();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (WriteOnce())
        {
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _error ??= new MqttException("The connection is closed.") { IsTransient = true };

            // A write under way still reads the other one; it is left to the collector.
            ArrayPool<byte>.Shared.Return(_filling);
            _filling = [];
            _filled = 0;
        }
    }

    private static void Take(OperationList from, List<PublishOperation> to)
    {
        while (from.First is { } operation)
        {
            from.Remove(operation);
            to.Add(operation);
        }
    }

    // True when there is more to write by now.
    private bool WriteOnce()
    {
        lock (gate)
        {
            if (_filled == 0 || _error is not null)
            {
                _busy = false;
                return false;
            }

            (_filling, _writing) = (_writing, _filling);
            (_fillingOperations, _writingOperations) = (_writingOperations, _fillingOperations);
            (_toWrite, _filled) = (_filled, 0);
            _writes++;
        }

        try
        {
            ValueTask write = transport.Stream.WriteAsync(_writing.AsMemory(0, _toWrite), CancellationToken.None);
            if (!write.IsCompleted)
            {
                _write = FinishAsync(write);
                return false;
            }

            write.GetAwaiter().GetResult();
        }
        catch (Exception e) when (NetworkErrors.Contain(e))
        {
            Fail(e);
            return false;
        }

        return Finish();
    }

    private async Task FinishAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e) when (NetworkErrors.Contain(e))
        {
            Fail(e);
            return;
        }

        if (Finish())
        {
            ((IThreadPoolWorkItem)this).Execute();
        }
    }

    private bool Finish()
    {
        PublishOperation? written;
        bool more;
        lock (gate)
        {
            Volatile.Write(ref _sentAt, time.GetTimestamp());
            Progress.Ended(_writes);
            written = _writingOperations.TakeAll();

            if (_writing.Length > 2 * HighWater)
            {
                ArrayPool<byte>.Shared.Return(_writing);
                _writing = ArrayPool<byte>.Shared.Rent(Usual);
            }

            Drained?.Invoke();
            more = _filled > 0 && _error is null;
            _busy = more;
        }

        while (written is not null)
        {
            PublishOperation operation = written;
            written = operation.Next;
            operation.Next = null;
            operation.Complete();
        }

        return more;
    }

    private void Fail(Exception e)
    {
        var error = new MqttException($"The connection broke while writing: {e.Message}", e) { IsTransient = true };
        lock (gate)
        {
            _error ??= error;
            _busy = false;
        }

        Failed?.Invoke(error);
    }

    private Span<byte> Reserve(int length)
    {
        int needed = _filled + length;
        if (needed > _filling.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _filling.Length * 2));
            _filling.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_filling);
            _filling = larger;
        }

        Span<byte> reserved = _filling.AsSpan(_filled, length);
        _filled = needed;
        return reserved;
    }
}
