using System.Buffers;
using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Receiving;

/// <summary>
/// Bytes from the broker, so that each packet lies in one piece. Grows to the packet at hand, never beyond the largest one allowed, and
/// only as its bytes arrive: a length alone reserves nothing.
/// </summary>
internal sealed class ReceiveBuffer(int maximumPacket) : IDisposable
{
    private const int Usual = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Usual);
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go; what was taken before is gone then.</summary>
    public Memory<byte> Room()
    {
        MakeRoom();
        return _bytes.AsMemory(_end);
    }

    public void Add(int read) => _end += read;

    /// <summary>Takes the next whole packet; its body is valid until the next <see cref="Room"/>.</summary>
    /// <exception cref="MqttException">The packet is malformed or too large.</exception>
    public bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> waiting = _bytes.AsSpan(_start, _end - _start);
        if (!FrameHeader.TryRead(waiting, maximumPacket, out header) || header.Length > waiting.Length)
        {
            body = default;
            return false;
        }

        body = waiting.Slice(header.HeaderLength, header.BodyLength);
        _start += header.Length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private void MakeRoom()
    {
        int waiting = _end - _start;
        if (waiting == 0 && _bytes.Length > 2 * Usual)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(Usual);
        }
        else if (waiting == _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.AsSpan(_start, waiting).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        else if (_start > 0)
        {
            _bytes.AsSpan(_start, waiting).CopyTo(_bytes);
        }

        _start = 0;
        _end = waiting;
    }
}
