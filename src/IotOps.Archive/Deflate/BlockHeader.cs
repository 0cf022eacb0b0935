using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>The header of a block with codes of its own: RFC 1951, section 3.2.7. Prepared first, so that its size is known before it is written.</summary>
internal sealed class BlockHeader
{
    private const int Copy = 16;
    private const int ShortZeros = 17;
    private const int LongZeros = 18;
    private const int Alphabet = 19;
    private const int LongestCode = 7;

    private readonly HuffmanCode _code = new(Alphabet, LongestCode);
    private readonly uint[] _frequencies = new uint[Alphabet];
    private readonly byte[] _all = new byte[DeflateSymbols.Literals + DeflateSymbols.Distances];
    private readonly (byte Symbol, byte Extra)[] _runs = new (byte, byte)[DeflateSymbols.Literals + DeflateSymbols.Distances];
    private int _runCount;
    private int _literals;
    private int _distances;
    private int _lengths;

    /// <summary>Works out the header of two codes.</summary>
    /// <returns>Its size in bits, the three of the block's type counted.</returns>
    public int Prepare(HuffmanCode literals, HuffmanCode distances)
    {
        _literals = Used(literals.Lengths, atLeast: DeflateSymbols.FirstLength);
        _distances = Used(distances.Lengths, atLeast: 1);
        literals.Lengths.AsSpan(0, _literals).CopyTo(_all);
        distances.Lengths.AsSpan(0, _distances).CopyTo(_all.AsSpan(_literals));
        _runCount = 0;
        Array.Clear(_frequencies);
        FindRuns(_all.AsSpan(0, _literals + _distances));
        _code.Build(_frequencies);

        ReadOnlySpan<byte> order = DeflateSymbols.HeaderOrder;
        _lengths = order.Length;
        while (_lengths > 4 && _code.Lengths[order[_lengths - 1]] == 0)
        {
            _lengths--;
        }

        int bits = 3 + 5 + 5 + 4 + (3 * _lengths);
        for (int symbol = 0; symbol < Alphabet; symbol++)
        {
            bits += (int)_frequencies[symbol] * (_code.Lengths[symbol] + ExtraBits(symbol));
        }

        return bits;
    }

    /// <summary>Writes what was prepared.</summary>
    public void Write(ref BitSink bits, bool final)
    {
        bits.Put(final ? 0b101u : 0b100u, 3);
        bits.Put((uint)(_literals - DeflateSymbols.FirstLength), 5);
        bits.Put((uint)(_distances - 1), 5);
        bits.Put((uint)(_lengths - 4), 4);
        foreach (byte symbol in DeflateSymbols.HeaderOrder[.._lengths])
        {
            bits.Put(_code.Lengths[symbol], 3);
        }

        foreach ((byte symbol, byte extra) in _runs.AsSpan(0, _runCount))
        {
            bits.Put(_code.Codes[symbol], _code.Lengths[symbol]);
            bits.Put(extra, ExtraBits(symbol));
        }
    }

    private static int ExtraBits(int symbol) => symbol switch { Copy => 2, ShortZeros => 3, LongZeros => 7, _ => 0 };

    private static int Used(ReadOnlySpan<byte> lengths, int atLeast) => Math.Max(atLeast, lengths.LastIndexOfAnyExcept((byte)0) + 1);

    private void FindRuns(ReadOnlySpan<byte> lengths)
    {
        while (!lengths.IsEmpty)
        {
            byte length = lengths[0];
            int run = lengths.IndexOfAnyExcept(length);
            run = run < 0 ? lengths.Length : run;
            lengths = lengths[run..];
            if (length > 0)
            {
                Add(length, 0);
                run--;
            }

            while (run >= 3)
            {
                int most = length > 0 ? 6 : 138;
                int taken = Math.Min(run, most);
                if (length > 0)
                {
                    Add(Copy, taken - 3);
                }
                else if (taken <= 10)
                {
                    Add(ShortZeros, taken - 3);
                }
                else
                {
                    Add(LongZeros, taken - 11);
                }

                run -= taken;
            }

            for (; run > 0; run--)
            {
                Add(length, 0);
            }
        }
    }

    private void Add(int symbol, int extra)
    {
        _runs[_runCount++] = ((byte)symbol, (byte)extra);
        _frequencies[symbol]++;
    }
}
