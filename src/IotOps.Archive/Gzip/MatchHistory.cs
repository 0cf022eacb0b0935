using IotOps.Archive.Deflate;

namespace IotOps.Archive.Gzip;

/// <summary>
/// The latest matches of a walk, and its blocks: enough to follow the last byte back to the literal it was first written as, without inflating.
/// In logs the last newline comes from the line before, and that from the one before it.
/// </summary>
internal sealed unsafe class MatchHistory
{
    // A match is its place in the output (40 bits), its distance less one (15) and its length (9).
    private const int Kept = 1 << 17;
    private const int PlaceShift = 24;
    private const int DistanceShift = 9;

    private readonly PinnedTable<ulong> _matches = new(Kept);
    private readonly List<(long HeaderBit, long Start)> _blocks = [];

    /// <summary>The matches; match n stands at n masked by <see cref="Mask"/>.</summary>
    public ulong* Matches => _matches.Pointer;

    public static int Mask => Kept - 1;

    /// <summary>Matches so far.</summary>
    public long Count { get; set; }

    public static ulong Match(long place, int distance, int length) =>
        ((ulong)place << PlaceShift) | ((ulong)(uint)(distance - 1) << DistanceShift) | (uint)length;

    public void Clear()
    {
        Count = 0;
        _blocks.Clear();
    }

    /// <summary>A block begins: the bit of its header, and its first byte's place in the output.</summary>
    public void AddBlock(long headerBit, long start) => _blocks.Add((headerBit, start));

    /// <summary>The place of the literal that a byte of the output is a copy of; -1 when the trail leads further back than is kept.</summary>
    public long Source(long place)
    {
        long oldest = Math.Max(0, Count - Kept);
        for (long i = Count - 1; i >= oldest; i--)
        {
            ulong match = Matches[i & Mask];
            long start = (long)(match >> PlaceShift);
            if (start > place)
            {
                continue;
            }

            int length = (int)(match & 0x1FF);
            if (place >= start + length)
            {
                return place;
            }

            // A match longer than its distance repeats itself.
            int distance = (int)((match >> DistanceShift) & 0x7FFF) + 1;
            place = start - distance + ((place - start) % distance);
        }

        return oldest == 0 ? place : -1;
    }

    /// <summary>The block in which a place of the output lies.</summary>
    public (long HeaderBit, long Start) BlockOf(long place) => _blocks.FindLast(block => block.Start <= place);
}
