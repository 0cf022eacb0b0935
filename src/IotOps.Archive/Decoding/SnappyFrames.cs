using System.Buffers.Binary;
using IotOps.Shared;
using Snappier;

namespace IotOps.Archive.Decoding;

/// <summary>
/// Snappy's framing format, as strictly as it is written: every piece has its checksum, and the source ends behind a whole one. Snappier's own
/// stream takes a source that is cut off for one that has ended. See <see href="https://github.com/google/snappy/blob/main/framing_format.txt"/>.
/// The source stays open.
/// </summary>
internal sealed class SnappyFrames(Stream source) : ReadOnlyStream
{
    private const int LargestPlain = 65_536;
    private const int ChecksumBytes = 4;

    private readonly byte[] _head = new byte[4];
    private readonly byte[] _plain = new byte[LargestPlain];

    // A frame may say 16 MiB, and holds little more than its plain bytes.
    private byte[] _frame = new byte[LargestPlain + (LargestPlain / 6) + 64];
    private int _taken;
    private int _length;

    /// <exception cref="InvalidDataException">The source is damaged, or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _length)
        {
            int read = await source.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return 0;
            }

            if (read < _head.Length)
            {
                throw new EndOfStreamException("It ends in the middle of a frame.");
            }

            await ReadFrameAsync(_head[0], BinaryPrimitives.ReadInt32LittleEndian(_head) >>> 8, cancellationToken).ConfigureAwait(false);
        }

        int count = Math.Min(buffer.Length, _length - _taken);
        _plain.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    private async ValueTask ReadFrameAsync(byte kind, int length, CancellationToken cancellationToken)
    {
        if (_frame.Length < length)
        {
            _frame = new byte[length];
        }

        await source.ReadExactlyAsync(_frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        ReadOnlySpan<byte> frame = _frame.AsSpan(0, length);
        switch (kind)
        {
            case 0x00 or 0x01:
                Take(frame, isCompressed: kind == 0x00);
                break;
            case 0xff when !frame.SequenceEqual("sNaPpY"u8):
                throw new InvalidDataException("A stream identifier in it is another format's.");
            case >= 0x02 and <= 0x7f:
                throw new InvalidDataException($"It has a frame of kind {kind}, which nobody may skip.");
        }
    }

    private void Take(ReadOnlySpan<byte> frame, bool isCompressed)
    {
        if (frame.Length < ChecksumBytes)
        {
            throw new InvalidDataException("A frame is too short for its checksum.");
        }

        ReadOnlySpan<byte> content = frame[ChecksumBytes..];
        int plain = isCompressed ? Snappy.GetUncompressedLength(content) : content.Length;
        if (plain is < 0 or > LargestPlain)
        {
            throw new InvalidDataException($"A frame of {plain} plain bytes is longer than frames are.");
        }

        _taken = 0;
        _length = plain;
        if (isCompressed)
        {
            _length = Snappy.Decompress(content, _plain);
        }
        else
        {
            content.CopyTo(_plain);
        }

        uint crc = ~Crc32C.Append(Crc32C.Start, _plain.AsSpan(0, _length));
        uint masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8;
        if (masked != BinaryPrimitives.ReadUInt32LittleEndian(frame))
        {
            _length = 0;
            throw new InvalidDataException("The checksum of a frame is not the one that it tells.");
        }
    }
}
