using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>
/// How far back a short match may lie to be worth its bits. Where literals are cheap, as digits are, four of them cost less than a match far away;
/// in machine code even three bytes are worth one. Learnt from the codes of the piece before.
/// </summary>
internal sealed unsafe class MatchLimits
{
    /// <summary>Matches of this length and above are always taken.</summary>
    public const int AlwaysWorth = 8;

    // Until a block's first piece has been read: what suits text, and hurts little elsewhere.
    private const int FirstLimitOfFour = 8_192;

    private readonly PinnedTable<int> _farthest = new(AlwaysWorth);

    /// <summary>Bits that a literal of the last piece took; 8 before the first.</summary>
    public double LiteralBits { get; private set; }

    /// <summary>By length, the greatest distance that is worth it.</summary>
    public int* Farthest => _farthest.Pointer;

    public void Reset()
    {
        _farthest.Span.Fill(DeflateSymbols.Window);
        _farthest.Span[..4].Clear();
        _farthest.Span[4] = FirstLimitOfFour;
        LiteralBits = 8;
    }

    /// <summary>Takes the prices of the codes that were made for a block.</summary>
    public void Learn(TokenBlock block, HuffmanCode literals, HuffmanCode distances)
    {
        long count = 0, bits = 0;
        for (int i = 0; i < DeflateSymbols.EndOfBlock; i++)
        {
            count += block.Literals[i];
            bits += (long)block.Literals[i] * literals.Lengths[i];
        }

        if (count == 0)
        {
            return;
        }

        LiteralBits = (double)bits / count;
        for (int length = DeflateSymbols.MinMatch; length < AlwaysWorth; length++)
        {
            double worth = (length * LiteralBits) - Price(literals, DeflateSymbols.FirstLength + MatchSymbols.OfLength[length]);
            int symbol = DeflateSymbols.Distances - 1;
            while (symbol >= 0 && Price(distances, symbol) + DeflateSymbols.DistanceExtraBits[symbol] >= worth)
            {
                symbol--;
            }

            _farthest.Span[length] = symbol == DeflateSymbols.Distances - 1 ? DeflateSymbols.Window : symbol < 0 ? 0 : DeflateSymbols.DistanceBase[symbol + 1] - 1;
        }
    }

    // A symbol that did not occur would be a rare one.
    private static int Price(HuffmanCode code, int symbol) => code.Lengths[symbol] is > 0 and byte length ? length : 10;
}
