using System.IO.Compression;
using IotOps.TestKit;

namespace IotOps.Shared.Tests.Gzip;

/// <summary>Deflate data of zlib's, and blocks that no encoder writes.</summary>
internal static class RawDeflate
{
    public static byte[] Of(byte[] plain, CompressionLevel level = CompressionLevel.Optimal, ZLibCompressionStrategy strategy = ZLibCompressionStrategy.Default) =>
        GzipFile.Of(plain, level, strategy)[10..^8];

    public static byte[] Padded(byte[] deflate) => [.. deflate, .. Enumerable.Repeat((byte)0xA5, Inflater.Padding)];

    /// <summary>A last block, its codes of the given lengths, its symbols without any extra bits.</summary>
    public static byte[] Block(byte[] literals, byte[] distances, ReadOnlySpan<int> symbols)
    {
        var bits = new List<bool>();
        byte[] distanceLengths = distances is [] ? [0] : distances;
        Header(bits, literals, distanceLengths);
        uint[] codes = Codes(literals);
        foreach (int symbol in symbols)
        {
            Add(bits, codes[symbol], literals[symbol]);
        }

        return Bytes(bits);
    }

    /// <summary>A block of codes that are now and then none, and bits that are now and then no symbols of theirs, zeros behind it.</summary>
    public static byte[] RandomBlock(Random random)
    {
        var bits = new List<bool>();
        byte[] literals = Lengths(random, random.Next(257, 287));
        byte[] distances = random.Next(3) == 0 ? Few(random) : Lengths(random, random.Next(1, 31));
        literals[256] = random.Next(10) == 0 ? (byte)0 : Math.Max(literals[256], (byte)1);
        Header(bits, random.Next(3) == 0 ? literals : Completed(literals), distances);
        for (int i = random.Next(2_000); i > 0; i--)
        {
            bits.Add(random.Next(2) == 0);
        }

        return [.. Bytes(bits), .. new byte[random.Next(40)]];
    }

    /// <summary>Up to three literals of eleven bits, then a length of 15 and 5 bits at a distance of 15 and 13, again and again.</summary>
    public static byte[] LongestCodes(Random random)
    {
        const int FirstLiteral = 'a', LongLiteral = FirstLiteral + 10, LongLength = 281, LongDistance = 29, Enough = 33_000;
        byte[] literals = new byte[286];
        byte[] distances = new byte[30];
        for (int length = 1; length < 15; length++)
        {
            literals[length == 14 ? 256 : FirstLiteral + length - 1] = (byte)length;
            distances[length] = (byte)length;
        }

        literals[LongLength] = literals[LongLength + 1] = 15;
        distances[LongDistance] = distances[LongDistance - 1] = 15;
        uint[] literal = Codes(literals);
        uint[] distance = Codes(distances);
        var bits = new List<bool>();
        Header(bits, literals, distances);
        for (int i = 0; i < Enough; i++)
        {
            Add(bits, literal[FirstLiteral + (i % 3)], (i % 3) + 1);
        }

        for (int i = 0; i < 3_000; i++)
        {
            for (int count = random.Next(4); count > 0; count--)
            {
                Add(bits, literal[LongLiteral], 11);
            }

            Add(bits, literal[LongLength], 15);
            Add(bits, (uint)random.Next(32), 5);
            Add(bits, distance[LongDistance], 15);
            Add(bits, (uint)random.Next(1 << 13), 13);
        }

        Add(bits, literal[256], 14);
        return Bytes(bits);
    }

    private static void Header(List<bool> bits, byte[] literals, byte[] distances)
    {
        Add(bits, 0b101, 3);
        Add(bits, (uint)(literals.Length - 257), 5);
        Add(bits, (uint)(distances.Length - 1), 5);
        Add(bits, 15, 4);

        // Lengths are written as they are: sixteen symbols of four bits each, no repetition.
        foreach (byte symbol in DeflateSymbols.HeaderOrder)
        {
            Add(bits, symbol < 16 ? 4u : 0, 3);
        }

        foreach (byte length in (byte[])[.. literals, .. distances])
        {
            for (int bit = 3; bit >= 0; bit--)
            {
                bits.Add((length >> bit & 1) != 0);
            }
        }
    }

    private static uint[] Codes(byte[] lengths) =>
        [.. lengths.Select((length, symbol) => length == 0 ? 0 : InflateTable.CodeOf(lengths, symbol))];

    private static byte[] Few(Random random)
    {
        byte[] lengths = new byte[random.Next(1, 31)];
        lengths[random.Next(lengths.Length)] = (byte)random.Next(0, 3);
        return lengths;
    }

    // Lengths that a tree has: one leaf is split after the other.
    private static byte[] Lengths(Random random, int symbols)
    {
        var leaves = new List<byte> { 0 };
        int wanted = random.Next(1, symbols + 1);
        while (leaves.Count < wanted)
        {
            int leaf = random.Next(4) == 0 ? leaves.IndexOf(leaves.Max()) : random.Next(leaves.Count);
            if (leaves[leaf] == 15)
            {
                break;
            }

            leaves.Add(++leaves[leaf]);
        }

        byte[] lengths = new byte[symbols];
        foreach (byte leaf in leaves)
        {
            lengths[random.Next(symbols)] = leaf;
        }

        // Where two leaves fell onto one symbol, the code has a hole; that happens to most.
        return lengths;
    }

    // Fills the holes with symbols of no code yet, or of as long a one as is missing.
    private static byte[] Completed(byte[] lengths)
    {
        byte[] complete = [.. lengths];
        long room = (1 << 15) - complete.Where(length => length > 0).Sum(length => 1 << (15 - length));
        for (int length = 1; length <= 15 && room > 0; length++)
        {
            int free = Array.IndexOf(complete, (byte)0);
            if (free >= 0 && room >= 1 << (15 - length))
            {
                complete[free] = (byte)length;
                room -= 1 << (15 - length);
            }
        }

        return complete;
    }

    private static void Add(List<bool> bits, uint value, int count)
    {
        for (int bit = 0; bit < count; bit++)
        {
            bits.Add((value >> bit & 1) != 0);
        }
    }

    private static byte[] Bytes(List<bool> bits)
    {
        byte[] bytes = new byte[(bits.Count + 7) / 8];
        for (int i = 0; i < bits.Count; i++)
        {
            bytes[i / 8] |= (byte)(bits[i] ? 1 << (i % 8) : 0);
        }

        return bytes;
    }
}
