namespace IotOps.Logs.Compression;

/// <summary>A Huffman code made of frequencies, in the canonical form of RFC 1951, section 3.2.2, with its bits reversed as deflate writes them.</summary>
internal sealed class HuffmanCode(int symbols, int longest)
{
    private readonly int[] _order = new int[symbols];
    private readonly uint[] _keys = new uint[symbols];
    private readonly uint[] _weights = new uint[2 * symbols];
    private readonly int[] _parents = new int[2 * symbols];

    /// <summary>How often each symbol occurs; cleared by <see cref="Build"/>'s caller.</summary>
    public uint[] Frequencies { get; } = new uint[symbols];

    /// <summary>Bits of each symbol's code; 0 for a symbol that does not occur.</summary>
    public byte[] Lengths { get; } = new byte[symbols];

    /// <summary>Each symbol's code, first bit lowest.</summary>
    public ushort[] Codes { get; } = new ushort[symbols];

    /// <summary>Makes the code. At least two symbols get one, because some readers refuse a code of a single symbol.</summary>
    public void Build()
    {
        int used = Sort();
        for (int symbol = 0; used < 2; symbol++)
        {
            if (Frequencies[symbol] == 0)
            {
                Frequencies[symbol] = 1;
                used = Sort();
            }
        }

        Span<int> counts = stackalloc int[longest + 1];
        counts.Clear();
        CountLengths(used, counts);
        FitToLongest(counts);
        AssignCodes(used, counts);
    }

    private int Sort()
    {
        int used = 0;
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            Lengths[symbol] = 0;
            if (Frequencies[symbol] > 0)
            {
                _keys[used] = Frequencies[symbol];
                _order[used++] = symbol;
            }
        }

        Array.Sort(_keys, _order, 0, used);
        return used;
    }

    // Two queues, leaves and joined nodes, both in order of weight: no heap is needed.
    private void CountLengths(int used, Span<int> counts)
    {
        Array.Copy(_keys, _weights, used);
        int leaf = 0, joined = used, end = used;
        while (end < (2 * used) - 1)
        {
            int first = leaf < used && (joined >= end || _weights[leaf] <= _weights[joined]) ? leaf++ : joined++;
            int second = leaf < used && (joined >= end || _weights[leaf] <= _weights[joined]) ? leaf++ : joined++;
            _weights[end] = _weights[first] + _weights[second];
            _parents[first] = _parents[second] = end;
            end++;
        }

        // From here on the weights hold depths.
        _weights[end - 1] = 0;
        for (int node = end - 2; node >= 0; node--)
        {
            _weights[node] = _weights[_parents[node]] + 1;
            if (node < used)
            {
                counts[Math.Min((int)_weights[node], longest)]++;
            }
        }
    }

    // Codes cut to the longest length take too much of the code space: give it back by lengthening others.
    private void FitToLongest(Span<int> counts)
    {
        long space = 0;
        for (int length = 1; length <= longest; length++)
        {
            space += (long)counts[length] << (longest - length);
        }

        for (; space > 1L << longest; space--)
        {
            counts[longest]--;
            int length = longest - 1;
            while (counts[length] == 0)
            {
                length--;
            }

            counts[length]--;
            counts[length + 1] += 2;
        }
    }

    private void AssignCodes(int used, Span<int> counts)
    {
        int next = 0;
        for (int length = longest; length > 0; length--)
        {
            for (int i = 0; i < counts[length]; i++)
            {
                Lengths[_order[next++]] = (byte)length;
            }
        }

        Span<uint> codes = stackalloc uint[longest + 1];
        uint code = 0;
        for (int length = 1; length <= longest; length++)
        {
            code = (code + (uint)(length == 1 ? 0 : counts[length - 1])) << 1;
            codes[length] = code;
        }

        for (int symbol = 0; symbol < symbols; symbol++)
        {
            int length = Lengths[symbol];
            if (length > 0)
            {
                Codes[symbol] = Reversed(codes[length]++, length);
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
