using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>A canonical Huffman code (RFC 1951, section 3.2.2) made of frequencies, its bits reversed as deflate writes them.</summary>
internal sealed class HuffmanCode(int symbols, int longest)
{
    private readonly ulong[] _sorted = new ulong[symbols];
    private readonly uint[] _weights = new uint[2 * symbols];
    private readonly ushort[] _parents = new ushort[2 * symbols];

    /// <summary>Bits of each symbol's code; 0 for one that has none.</summary>
    public byte[] Lengths { get; } = new byte[symbols];

    /// <summary>Each symbol's code, first bit lowest.</summary>
    public ushort[] Codes { get; } = new ushort[symbols];

    /// <summary>The code of given lengths.</summary>
    public static HuffmanCode OfLengths(ReadOnlySpan<byte> lengths)
    {
        var code = new HuffmanCode(lengths.Length, DeflateSymbols.LongestCode);
        lengths.CopyTo(code.Lengths);
        code.AssignCodes();
        return code;
    }

    /// <summary>Makes the code. At least two symbols get one, because some readers refuse a code of a single symbol.</summary>
    public void Build(ReadOnlySpan<uint> frequencies)
    {
        int used = 0;
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            Lengths[symbol] = 0;
            if (frequencies[symbol] > 0)
            {
                _sorted[used++] = ((ulong)frequencies[symbol] << 16) | (uint)symbol;
            }
        }

        for (uint symbol = 0; used < 2; symbol++)
        {
            if (frequencies[(int)symbol] == 0)
            {
                _sorted[used++] = (1 << 16) | symbol;
            }
        }

        _sorted.AsSpan(0, used).Sort();
        Span<int> counts = stackalloc int[longest + 1];
        counts.Clear();
        CountLengths(used, counts);
        FitToLongest(counts);

        // The rarest symbols come first and get the longest codes.
        int next = 0;
        for (int length = longest; length > 0; length--)
        {
            for (int i = 0; i < counts[length]; i++)
            {
                Lengths[(ushort)_sorted[next++]] = (byte)length;
            }
        }

        AssignCodes();
    }

    // Two queues, leaves and joined nodes, both in order of weight: no heap is needed.
    private void CountLengths(int used, Span<int> counts)
    {
        for (int leaf = 0; leaf < used; leaf++)
        {
            _weights[leaf] = (uint)(_sorted[leaf] >> 16);
        }

        int nextLeaf = 0, nextJoined = used, end = used;
        while (end < (2 * used) - 1)
        {
            int first = TakeLightest();
            int second = TakeLightest();
            _weights[end] = _weights[first] + _weights[second];
            _parents[first] = _parents[second] = (ushort)end;
            end++;
        }

        // A parent comes after its children, so from the root down each depth is known when it is asked for. The weights are not needed any more.
        _weights[end - 1] = 0;
        for (int node = end - 2; node >= 0; node--)
        {
            _weights[node] = _weights[_parents[node]] + 1;
            if (node < used)
            {
                counts[Math.Min((int)_weights[node], longest)]++;
            }
        }

        int TakeLightest() =>
            nextLeaf < used && (nextJoined >= end || _weights[nextLeaf] <= _weights[nextJoined]) ? nextLeaf++ : nextJoined++;
    }

    // Codes cut to the longest length take more room than there is: others are lengthened until all fit.
    private void FitToLongest(Span<int> counts)
    {
        long room = 0;
        for (int length = 1; length <= longest; length++)
        {
            room += (long)counts[length] << (longest - length);
        }

        for (; room > 1L << longest; room--)
        {
            int length = longest - 1;
            while (counts[length] == 0)
            {
                length--;
            }

            counts[longest]--;
            counts[length]--;
            counts[length + 1] += 2;
        }
    }

    private void AssignCodes()
    {
        Span<uint> next = stackalloc uint[longest + 2];
        next.Clear();
        foreach (byte length in Lengths)
        {
            next[length + 1] += length > 0 ? 1u : 0;
        }

        for (int length = 1; length <= longest; length++)
        {
            next[length] = (next[length] + next[length - 1]) << 1;
        }

        for (int symbol = 0; symbol < symbols; symbol++)
        {
            int length = Lengths[symbol];
            if (length > 0)
            {
                Codes[symbol] = Reversed(next[length]++, length);
            }
        }
    }

    private static ushort Reversed(uint code, int length)
    {
        uint reversed = 0;
        for (; length > 0; length--)
        {
            reversed = (reversed << 1) | (code & 1);
            code >>= 1;
        }

        return (ushort)reversed;
    }
}
