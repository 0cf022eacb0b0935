namespace IotOps.Logs.Compression;

/// <summary>The header of a block with codes of its own: RFC 1951, section 3.2.7.</summary>
internal sealed class BlockHeader
{
    private const int Copy = 16;
    private const int ShortZeros = 17;
    private const int LongZeros = 18;

    private static readonly byte[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly HuffmanCode _lengths = new(19, 7);
    private readonly byte[] _all = new byte[DeflateSymbols.LiteralSymbols + DeflateSymbols.DistanceSymbols];
    private readonly List<(byte Symbol, byte Extra)> _runs = [];

    public void Write(ref BitWriter bits, HuffmanCode literals, HuffmanCode distances, bool final)
    {
        int literalCount = Used(literals.Lengths, atLeast: 257);
        int distanceCount = Used(distances.Lengths, atLeast: 1);
        literals.Lengths.AsSpan(0, literalCount).CopyTo(_all);
        distances.Lengths.AsSpan(0, distanceCount).CopyTo(_all.AsSpan(literalCount));
        FindRuns(_all.AsSpan(0, literalCount + distanceCount));

        Array.Clear(_lengths.Frequencies);
        foreach ((byte symbol, _) in _runs)
        {
            _lengths.Frequencies[symbol]++;
        }

        _lengths.Build();
        int lengthCount = LengthOrder.Length;
        while (lengthCount > 4 && _lengths.Lengths[LengthOrder[lengthCount - 1]] == 0)
        {
            lengthCount--;
        }

        bits.Put(final ? 1u : 0u, 1);
        bits.Put(2, 2);
        bits.Put((uint)(literalCount - 257), 5);
        bits.Put((uint)(distanceCount - 1), 5);
        bits.Put((uint)(lengthCount - 4), 4);
        foreach (byte symbol in LengthOrder.AsSpan(0, lengthCount))
        {
            bits.Put(_lengths.Lengths[symbol], 3);
        }

        foreach ((byte symbol, byte extra) in _runs)
        {
            bits.Put(_lengths.Codes[symbol], _lengths.Lengths[symbol]);
            bits.Put(extra, symbol switch { Copy => 2, ShortZeros => 3, LongZeros => 7, _ => 0 });
        }
    }

    private static int Used(byte[] lengths, int atLeast)
    {
        int count = lengths.Length;
        while (count > atLeast && lengths[count - 1] == 0)
        {
            count--;
        }

        return count;
    }

    private void FindRuns(ReadOnlySpan<byte> lengths)
    {
        _runs.Clear();
        while (!lengths.IsEmpty)
        {
            byte length = lengths[0];
            int run = lengths.IndexOfAnyExcept(length);
            run = run < 0 ? lengths.Length : run;
            lengths = lengths[run..];
            if (length == 0)
            {
                AddZeros(run);
            }
            else
            {
                AddCopies(length, run);
            }
        }
    }

    private void AddZeros(int run)
    {
        for (; run >= 11; run -= Math.Min(run, 138))
        {
            _runs.Add((LongZeros, (byte)(Math.Min(run, 138) - 11)));
        }

        if (run >= 3)
        {
            _runs.Add((ShortZeros, (byte)(run - 3)));
            return;
        }

        for (; run > 0; run--)
        {
            _runs.Add((0, 0));
        }
    }

    private void AddCopies(byte length, int run)
    {
        _runs.Add((length, 0));
        run--;
        for (; run >= 3; run -= Math.Min(run, 6))
        {
            _runs.Add((Copy, (byte)(Math.Min(run, 6) - 3)));
        }

        for (; run > 0; run--)
        {
            _runs.Add((length, 0));
        }
    }
}
