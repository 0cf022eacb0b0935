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

    // Enough for any topic, and usually for the properties behind it.
    private const int LongestBeginning = 72 * 1024;

    private int _skip;
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
    /// <exception cref="MqttException">The packet is malformed, or too large for one that is no PUBLISH.</exception>
    public bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        body = default;
        Skip();
        ReadOnlySpan<byte> waiting = _bytes.AsSpan(_start, _end - _start);
        if (!FrameHeader.TryRead(waiting, out header))
        {
            return false;
        }

        if (header.Length > maximumPacket && header.Type != PacketType.Publish)
        {
            throw Malformed.Protocol($"a packet of type {(int)header.Type} has {header.Length} bytes; MaxPacketBytes is {maximumPacket}", MqttReasonCode.PacketTooLarge);
        }

        if (header.Length > Math.Min(maximumPacket, waiting.Length))
        {
            return false;
        }

        body = waiting.Slice(header.HeaderLength, header.BodyLength);
        _start += header.Length;
        return true;
    }

    /// <summary>
    /// Takes the beginning of a PUBLISH that is too large, when it is next and has come; the rest of it is passed over as it comes. Else it
    /// would come first again after every reconnect, and nothing behind it ever would.
    /// </summary>
    public bool TryReadBeginning(out FrameHeader header, out ReadOnlySpan<byte> beginning)
    {
        beginning = default;
        ReadOnlySpan<byte> waiting = _bytes.AsSpan(_start, _end - _start);
        if (_skip > 0 || !FrameHeader.TryRead(waiting, out header) || header.Length <= maximumPacket)
        {
            header = default;
            return false;
        }

        int length = Math.Min(header.Length, LongestBeginning);
        if (waiting.Length < length)
        {
            return false;
        }

        beginning = waiting[header.HeaderLength..length];
        _start += length;
        _skip = header.Length - length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private void Skip()
    {
        int skipped = Math.Min(_skip, _end - _start);
        _start += skipped;
        _skip -= skipped;
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
