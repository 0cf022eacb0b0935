using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>For logs whose lines come again nearly whole: few matches make up the most of them, so each is worth a longer look.</summary>
internal readonly struct RepetitiveLog : ILogEffort
{
    public static int Depth => 5;

    public static int Good => 24;

    public static int GoodDepth => 4;

    public static int Lazy => DeflateSymbols.MaxMatch;

    public static int Nice => DeflateSymbols.MaxMatch;

    public static int RememberedEnd => 16;

    public static bool LooksAtEnds => true;
}
