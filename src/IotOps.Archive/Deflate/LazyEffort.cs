namespace IotOps.Archive.Deflate;

/// <summary>How hard a <see cref="LazyMatcher"/> looks.</summary>
/// <param name="Depth">Places looked at for a match.</param>
/// <param name="Good">A match of this length makes it look at a quarter of them for a better one.</param>
/// <param name="Lazy">A match shorter than this is given up for a longer one at the next byte.</param>
/// <param name="Nice">A match of this length is taken at once.</param>
internal readonly record struct LazyEffort(int Depth, int Good, int Lazy, int Nice)
{
    public static readonly LazyEffort Thorough = new(Depth: 128, Good: 32, Lazy: 128, Nice: 128);

    public static readonly LazyEffort Exhaustive = new(Depth: 256, Good: 64, Lazy: 258, Nice: 258);
}
