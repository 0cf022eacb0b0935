namespace IotOps.Shared;

/// <summary>The alphabets of RFC 1951, section 3.2.5.</summary>
internal static class DeflateSymbols
{
    public const int EndOfBlock = 256;
    public const int FirstLength = 257;
    public const int Literals = 286;
    public const int Distances = 30;
    public const int MinMatch = 3;
    public const int MaxMatch = 258;
    public const int Window = 32_768;
    public const int LongestCode = 15;

    /// <summary>The least length of each length symbol, counted from <see cref="FirstLength"/>.</summary>
    public static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    public static ReadOnlySpan<byte> LengthExtraBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    public static ReadOnlySpan<ushort> DistanceBase =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];

    public static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>The order in which a block's header tells the lengths of the code of code lengths.</summary>
    public static ReadOnlySpan<byte> HeaderOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The code lengths of the fixed literal code.</summary>
    public static byte FixedLiteralLength(int symbol) => symbol switch { < 144 => 8, < 256 => 9, < 280 => 7, _ => 8 };
}
