using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using IotOps.Archive.Checksums;

namespace IotOps.Archive.Gzip;

/// <summary>
/// Turns a gzip file (RFC 1952) in memory into deflate blocks that other blocks can follow: the mark of the last block goes, and an empty stored block
/// fills the byte it ended in. It lies where the trailer lay, so nothing is copied.
/// </summary>
internal sealed class GzipSplice
{
    private const int TrailerBytes = 8;

    private readonly DeflateWalk _walk = new();

    /// <summary>Looks at all of a source, then changes it in place.</summary>
    /// <param name="buffer">Holds the source, and <see cref="DeflateWalk.Padding"/> bytes more.</param>
    /// <param name="length">Bytes of the source.</param>
    /// <param name="verifyCrc">Inflate it and compare.</param>
    /// <param name="wantLastByte">Inflate a member whose last byte cannot be told otherwise.</param>
    /// <exception cref="InvalidDataException">It is not what it says. Nothing was changed.</exception>
    public SplicedGzip Splice(byte[] buffer, int length, bool verifyCrc, bool wantLastByte)
    {
        var found = new List<(WalkedStream Stream, int Start)>();
        uint crc = 0;
        long plain = 0;
        int last = WalkedStream.Unknown;
        int at = 0;
        int members = 0;
        do
        {
            members++;
            try
            {
                int start = GzipHeader.End(buffer.AsSpan(0, length), at);
                WalkedStream stream = _walk.Walk(buffer, start, length);
                int trailer = (int)((stream.End + 7) >> 3);
                if (trailer + TrailerBytes > length)
                {
                    throw new InvalidDataException("It ends before its trailer does.");
                }

                uint said = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(trailer));
                uint saidLength = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(trailer + sizeof(uint)));
                if (saidLength != (uint)stream.Length)
                {
                    throw new InvalidDataException($"Its trailer says {saidLength} bytes (modulo 2^32), its data makes {stream.Length}.");
                }

                int lastByte = stream.LastByte;
                if (stream.Length > 0 && (verifyCrc || (wantLastByte && lastByte == WalkedStream.Unknown)))
                {
                    (uint actual, lastByte) = Inflate(buffer, start, trailer);
                    if (actual != said)
                    {
                        throw new InvalidDataException($"Its trailer says CRC-32 {said:x8}, its data has {actual:x8}.");
                    }
                }

                if (stream.Length > 0)
                {
                    found.Add((stream, start));
                    crc = Crc32.Combine(crc, said, stream.Length);
                    plain += stream.Length;
                    last = lastByte;
                }

                at = trailer + TrailerBytes;
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException(
                    $"Member {members} of the gzip source, at byte {at}, is bad: {e.Message} Nothing of the source was written: leave it out, or fetch it again.", e);
            }
        }
        while (GzipHeader.IsAt(buffer.AsSpan(0, length), at));

        // gzip(1) passes over zeros, with which tapes are filled up; other bytes mean that something is lost.
        if (buffer.AsSpan(at, length - at).ContainsAnyExcept((byte)0))
        {
            throw new InvalidDataException(
                $"Behind member {members} of the gzip source lie {length - at} bytes, from byte {at} on, that are no gzip. "
                + "Nothing of the source was written: leave it out, or cut it there.");
        }

        return new SplicedGzip([.. found.Select(member => Join(buffer, member.Start, member.Stream))], members, crc, plain, last);
    }

    private static Range Join(byte[] buffer, int start, WalkedStream stream)
    {
        buffer[stream.FinalHeader >> 3] &= (byte)~(1 << (int)(stream.FinalHeader & 7));

        // Three bits of the header of an empty stored block, zeros to the end of the byte, then its length and the complement of that.
        int end = (int)(stream.End >> 3);
        int used = (int)(stream.End & 7);
        if (used > 0)
        {
            buffer[end++] &= (byte)((1 << used) - 1);
        }

        if (used is 0 or > 5)
        {
            buffer[end++] = 0;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(end), 0xFFFF0000);
        return start..(end + sizeof(uint));
    }

    private static (uint Crc, int LastByte) Inflate(byte[] buffer, int start, int end)
    {
        byte[] plain = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(buffer, start, end - start), CompressionMode.Decompress);
            uint crc = 0;
            int last = WalkedStream.Unknown;
            int read;
            while ((read = inflate.Read(plain)) > 0)
            {
                crc = Crc32.Append(crc, plain.AsSpan(0, read));
                last = plain[read - 1];
            }

            return (crc, last);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
