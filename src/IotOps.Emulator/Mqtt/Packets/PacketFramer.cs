using System.Buffers;

namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>Finds where packets end in a stream of bytes.</summary>
internal static class PacketFramer
{
    private const int MaxLengthBytes = 4;

    /// <summary>Cuts the first packet off a buffer, when it has arrived whole.</summary>
    /// <param name="buffer">Moved behind the packet.</param>
    /// <param name="maxPacketBytes">The largest that is accepted, header included.</param>
    /// <param name="header">The packet's first byte.</param>
    /// <param name="body">What follows the remaining length.</param>
    /// <exception cref="ProtocolViolation">The length cannot be read or is too large; said before the packet has arrived.</exception>
    public static bool TryCut(ref ReadOnlySequence<byte> buffer, int maxPacketBytes, out byte header, out ReadOnlySequence<byte> body)
    {
        header = 0;
        body = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out header))
        {
            return false;
        }

        int length = 0;
        for (int i = 0; ; i++)
        {
            if (i == MaxLengthBytes)
            {
                throw ProtocolViolation.Malformed("A remaining length is longer than four bytes.");
            }

            if (!reader.TryRead(out byte next))
            {
                return false;
            }

            length |= (next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                break;
            }
        }

        if (reader.Consumed + length > maxPacketBytes)
        {
            throw new ProtocolViolation(ReasonCode.PacketTooLarge, $"A packet of {reader.Consumed + length} bytes exceeds {maxPacketBytes}.");
        }

        if (reader.Remaining < length)
        {
            return false;
        }

        body = buffer.Slice(reader.Consumed, length);
        buffer = buffer.Slice(reader.Consumed + length);
        return true;
    }
}
