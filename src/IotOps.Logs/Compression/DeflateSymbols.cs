using System.Numerics;
using System.Runtime.CompilerServices;

namespace IotOps.Logs.Compression;

/// <summary>The alphabets of deflate: RFC 1951, section 3.2.5.</summary>
internal static class DeflateSymbols
{
    public const int LiteralSymbols = 286;
    public const int DistanceSymbols = 30;
    public const int EndOfBlock = 256;

    /// <summary>One less than deflate allows, so that a match with all its extra bits fits into 57.</summary>
    public const int LongestCode = 14;

    private const int FirstLength = 257;

    private static readonly ushort[] LengthBases =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    /// <summary>Symbol of each match length from 3 to 258.</summary>
    public static ushort[] OfLength { get; } = MakeLengths();

    /// <summary>The shortest length of a length symbol.</summary>
    public static int LengthBase(int symbol) => LengthBases[symbol - FirstLength];

    /// <summary>How many bits behind a length symbol tell the length.</summary>
    public static int LengthExtraBits(int symbol) => symbol is < FirstLength + 8 or FirstLength + 28 ? 0 : (symbol - FirstLength - 4) / 4;

    /// <summary>Symbol of a distance, given less one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfDistance(int lessOne)
    {
        if (lessOne < 4)
        {
            return lessOne;
        }

        int log = BitOperations.Log2((uint)lessOne);
        return (2 * log) + ((lessOne >> (log - 1)) & 1);
    }

    private static ushort[] MakeLengths()
    {
        ushort[] symbols = new ushort[259];
        for (int symbol = LengthBases.Length - 1, length = 258; length >= 3; length--)
        {
            symbol = length < LengthBases[symbol] ? symbol - 1 : symbol;
            symbols[length] = (ushort)(FirstLength + symbol);
        }

        return symbols;
    }
}
