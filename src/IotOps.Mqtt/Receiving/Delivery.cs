using System.Buffers;

namespace IotOps.Mqtt.Receiving;

/// <summary>The memory of a received payload, and its acknowledgement: due when every subscription that got the message is done with it.</summary>
internal sealed class Delivery : IDisposable
{
    private readonly AcknowledgementQueue? _acknowledgements;
    private readonly byte[] _buffer;
    private readonly int _length;
    private int _owners = 1;

    /// <param name="payload">Copied.</param>
    /// <param name="packetId">Zero for QoS 0.</param>
    /// <param name="acknowledgements">Null for QoS 0.</param>
    public Delivery(ReadOnlySpan<byte> payload, ushort packetId, AcknowledgementQueue? acknowledgements)
    {
        _buffer = payload.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(payload.Length);
        _length = payload.Length;
        payload.CopyTo(_buffer);
        PacketId = packetId;
        _acknowledgements = acknowledgements;
    }

    public ushort PacketId { get; }

    /// <summary>What its PUBACK says in MQTT 5; null sends none.</summary>
    public MqttReasonCode? Reason { get; set; } = MqttReasonCode.Success;

    /// <summary>Guarded by the queue it is in.</summary>
    public bool Done { get; set; }

    public ReadOnlyMemory<byte> Payload => _buffer.AsMemory(0, _length);

    public void Share() => Interlocked.Increment(ref _owners);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _owners) != 0)
        {
            return;
        }

        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _acknowledgements?.Complete(this);
    }
}
