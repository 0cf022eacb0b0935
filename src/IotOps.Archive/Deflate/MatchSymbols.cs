using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>The symbols that stand for lengths and distances of matches.</summary>
internal static class MatchSymbols
{
    private static readonly byte[] SymbolOfLength = MakeSymbolOfLength();
    private static readonly byte[] SymbolOfDistance = MakeSymbolOfDistance();

    /// <summary>The symbol of each length up to 258, counted from <see cref="DeflateSymbols.FirstLength"/>.</summary>
    public static ReadOnlySpan<byte> OfLength => SymbolOfLength;

    /// <summary>The symbol of a distance less one: of those below 256 by itself, of the others at 256 + (it / 128).</summary>
    public static ReadOnlySpan<byte> OfDistance => SymbolOfDistance;

    private static byte[] MakeSymbolOfLength()
    {
        byte[] symbols = new byte[DeflateSymbols.MaxMatch + 1];
        for (int length = DeflateSymbols.MinMatch; length <= DeflateSymbols.MaxMatch; length++)
        {
            symbols[length] = (byte)LastAtMost(DeflateSymbols.LengthBase, length);
        }

        return symbols;
    }

    private static byte[] MakeSymbolOfDistance()
    {
        byte[] symbols = new byte[512];
        for (int i = 0; i < 256; i++)
        {
            symbols[i] = (byte)LastAtMost(DeflateSymbols.DistanceBase, i + 1);
            symbols[256 + i] = (byte)LastAtMost(DeflateSymbols.DistanceBase, (i << 7) + 1);
        }

        return symbols;
    }

    private static int LastAtMost(ReadOnlySpan<ushort> bases, int value)
    {
        int symbol = bases.Length - 1;
        while (bases[symbol] > value)
        {
            symbol--;
        }

        return symbol;
    }
}
