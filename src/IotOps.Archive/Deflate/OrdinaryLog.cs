namespace IotOps.Archive.Deflate;

/// <summary>For logs much of which are numbers and names that never come again: looking longer gains little.</summary>
internal readonly struct OrdinaryLog : ILogEffort
{
    public static int Depth => 5;

    public static int Good => 16;

    public static int GoodDepth => 2;

    public static int Lazy => 32;

    public static int Nice => 64;

    public static int RememberedEnd => 4;

    public static bool LooksAtEnds => false;
}
