
namespace IotOps.Shared;

/// <summary>
/// What an entry of an <see cref="InflateTable"/> says. Bits 0-7: bits it takes from the stream, extra bits counted. 8-11: those of the code alone.
/// From 16: a literal, the least length or distance, a symbol, or where a second table begins.
/// </summary>
internal static class InflateEntry
{
    public const uint Literal = 1u << 31;

    /// <summary>Neither a literal nor a match: one of those below, or, without them, no code.</summary>
    public const uint Special = 1u << 15;

    /// <summary>The code is longer than the table's bits: a second table tells, its bits in 8-11.</summary>
    public const uint Link = 1u << 14;

    public const uint EndOfBlock = 1u << 13;

    public const int CodeShift = 8;
    public const int CodeMask = 15;
    public const int ValueShift = 16;

    /// <summary>By symbol of a literal and length code, the fixed one's two symbols of no meaning included.</summary>
    public static uint[] OfLiterals { get; } = [.. Enumerable.Range(0, 288).Select(OfLiteral)];

    /// <summary>By symbol of a distance code, the fixed one's two of no meaning included.</summary>
    public static uint[] OfDistances { get; } = [.. Enumerable.Range(0, 32).Select(OfDistance)];

    /// <summary>By symbol of the code that a block's header is written in.</summary>
    public static uint[] OfLengths { get; } = [.. Enumerable.Range(0, 19).Select(symbol => (uint)symbol << ValueShift)];

    private static uint OfLiteral(int symbol)
    {
        if (symbol < DeflateSymbols.EndOfBlock)
        {
            return Literal | ((uint)symbol << ValueShift);
        }

        int index = symbol - DeflateSymbols.FirstLength;
        return index < 0 ? Special | EndOfBlock
            : index >= DeflateSymbols.LengthBase.Length ? Special
            : ((uint)DeflateSymbols.LengthBase[index] << ValueShift) | DeflateSymbols.LengthExtraBits[index];
    }

    private static uint OfDistance(int symbol) =>
        symbol >= DeflateSymbols.Distances ? Special : ((uint)DeflateSymbols.DistanceBase[symbol] << ValueShift) | DeflateSymbols.DistanceExtraBits[symbol];
}
