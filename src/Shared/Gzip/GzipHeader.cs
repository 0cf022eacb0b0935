using System.Buffers.Binary;

namespace IotOps.Shared;

/// <summary>The header of a gzip member: RFC 1952, section 2.3.</summary>
internal static class GzipHeader
{
    private const int CutOff = -1;
    private const int FixedBytes = 10;
    private const byte HasCrc = 1 << 1;
    private const byte HasExtra = 1 << 2;
    private const byte HasName = 1 << 3;
    private const byte HasComment = 1 << 4;
    private const byte Reserved = 0xE0;

    /// <summary>Whether a member begins here.</summary>
    public static bool IsAt(ReadOnlySpan<byte> source, int at) => at + 2 <= source.Length && source[at] == 0x1F && source[at + 1] == 0x8B;

    /// <summary>Where the deflate data begins; -1 when the header goes on behind the source's end.</summary>
    /// <exception cref="InvalidDataException">It is no gzip header.</exception>
    public static int End(ReadOnlySpan<byte> source, int start)
    {
        if (source.Length - start >= 2 && !IsAt(source, start))
        {
            throw new InvalidDataException("It does not begin with 1F 8B, so it is no gzip.");
        }

        if (source.Length - start < FixedBytes)
        {
            return CutOff;
        }

        if (source[start + 2] != 8)
        {
            throw new InvalidDataException($"Its compression method is {source[start + 2]}, not 8 (deflate).");
        }

        byte flags = source[start + 3];
        if ((flags & Reserved) != 0)
        {
            throw new InvalidDataException($"Its flags are {flags:x2}: bits of no known meaning are set.");
        }

        int at = start + FixedBytes;
        if ((flags & HasExtra) != 0)
        {
            if (at + 2 > source.Length)
            {
                return CutOff;
            }

            at += 2 + BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
        }

        at = (flags & HasName) != 0 ? AfterText(source, at) : at;
        at = (flags & HasComment) != 0 ? AfterText(source, at) : at;
        if (at == CutOff)
        {
            return CutOff;
        }

        if ((flags & HasCrc) != 0)
        {
            if (at + 2 > source.Length)
            {
                return CutOff;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(source[at..]) != (ushort)Crc32.Append(0, source[start..at]))
            {
                throw new InvalidDataException("Its header does not have the CRC-16 that it says.");
            }

            at += 2;
        }

        return at < source.Length ? at : CutOff;
    }

    private static int AfterText(ReadOnlySpan<byte> source, int at)
    {
        int length = at >= 0 && at < source.Length ? source[at..].IndexOf((byte)0) : -1;
        return length >= 0 ? at + length + 1 : CutOff;
    }
}
