using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>A literal and a distance code, laid out as what is written for each literal, match length and distance symbol.</summary>
internal sealed unsafe class CodeTables
{
    /// <summary>An entry's bits stand from bit 0 on, their number from here on.</summary>
    public const int CountShift = 56;

    /// <summary>An entry's bits.</summary>
    public const ulong BitsMask = (1UL << CountShift) - 1;

    private readonly PinnedTable<ulong> _literals = new(DeflateSymbols.EndOfBlock + 1);
    private readonly PinnedTable<ulong> _lengths = new(DeflateSymbols.MaxMatch + 1);
    private readonly PinnedTable<ulong> _distances = new(DeflateSymbols.Distances);

    /// <summary>By literal, the end of the block too.</summary>
    public ulong* Literals => _literals.Pointer;

    /// <summary>By match length, extra bits included.</summary>
    public ulong* Lengths => _lengths.Pointer;

    /// <summary>By distance symbol, without extra bits.</summary>
    public ulong* Distances => _distances.Pointer;

    public void Fill(HuffmanCode literals, HuffmanCode distances)
    {
        Span<ulong> entries = _literals.Span;
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = Entry(literals.Codes[i], literals.Lengths[i]);
        }

        entries = _lengths.Span;
        for (int length = DeflateSymbols.MinMatch; length < entries.Length; length++)
        {
            int symbol = MatchSymbols.OfLength[length];
            int bits = literals.Lengths[DeflateSymbols.FirstLength + symbol];
            ulong extra = (ulong)(length - DeflateSymbols.LengthBase[symbol]) << bits;
            entries[length] = Entry(literals.Codes[DeflateSymbols.FirstLength + symbol] | extra, bits + DeflateSymbols.LengthExtraBits[symbol]);
        }

        entries = _distances.Span;
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = Entry(distances.Codes[i], distances.Lengths[i]);
        }
    }

    private static ulong Entry(ulong bits, int count) => bits | ((ulong)count << CountShift);
}
