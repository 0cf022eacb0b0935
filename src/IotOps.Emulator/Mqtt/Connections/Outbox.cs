using System.Buffers;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Connections;

/// <summary>What waits for one socket. Packets written while a write is under way leave together in the next. Thread-safe.</summary>
internal sealed class Outbox(Stream stream) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly ChangeSignal _sent = new();
    private ArrayBufferWriter<byte> _filling = new(4_096);
    private ArrayBufferWriter<byte> _sending = new(4_096);
    private bool _isCompleted;

    /// <summary>Bytes that the system has not taken yet.</summary>
    public int Unsent
    {
        get { lock (_lock) { return _filling.WrittenCount + _sending.WrittenCount; } }
    }

    /// <summary>Appends bytes that are whole packets; nothing happens after <see cref="Complete"/>.</summary>
    public void Write(ReadOnlySpan<byte> packets)
    {
        lock (_lock)
        {
            if (!_isCompleted)
            {
                Announce();
                _filling.Write(packets);
            }
        }
    }

    public void Write(Packet packet, byte version)
    {
        lock (_lock)
        {
            if (!_isCompleted)
            {
                Announce();
                PacketEncoder.Encode(_filling, packet, version);
            }
        }
    }

    /// <summary>Nothing more will be written; what waits still leaves.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_isCompleted)
            {
                _isCompleted = true;
                _work.Release();
            }
        }
    }

    /// <summary>Waits until at most so many bytes wait.</summary>
    public async Task WaitUntilBelowAsync(int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task sent = _sent.Next;
            if (Unsent <= bytes)
            {
                return;
            }

            await sent.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends until completed and empty.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
            bool isLast;
            lock (_lock)
            {
                isLast = _isCompleted;
                (_filling, _sending) = (_sending, _filling);
            }

            if (_sending.WrittenCount > 0)
            {
                await stream.WriteAsync(_sending.WrittenMemory, cancellationToken).ConfigureAwait(false);
            }

            lock (_lock) { _sending.ResetWrittenCount(); }
            _sent.Fire();
            if (isLast)
            {
                return;
            }
        }
    }

    public void Dispose() => _work.Dispose();

    private void Announce()
    {
        if (_filling.WrittenCount == 0)
        {
            _work.Release();
        }
    }
}
