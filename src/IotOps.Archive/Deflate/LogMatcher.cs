using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>
/// Finds the matches of text with many digits, such as logs: by chains of places that begin with the same five bytes, because any four digits lie
/// somewhere in the window already, and a match of four is hardly ever worth its bits there.
/// </summary>
/// <remarks>Its parts are methods of their own that are not inlined: each keeps its few variables in registers, together they would not fit.</remarks>
internal sealed unsafe class LogMatcher
{
    private const int HashBits = 16;
    private const int Heads = 1 << HashBits;
    private const int MinMatch = 5;

    // A place is looked up by the eight bytes from it on.
    private const int Looked = sizeof(ulong);
    private const int WindowMask = DeflateSymbols.Window - 1;

    // A note holds a place, counted from the first byte, and above it more of its bytes' hash: a note whose hash is another is passed over without a look
    // at the bytes it leads to, which is what literals nearly always meet.
    private const int PlaceBits = 23;
    private const uint PlaceMask = (1u << PlaceBits) - 1;

    // The heads of the chains, and behind them the chains. Those need no clearing: only slots of places that were noted in this block are followed.
    private readonly PinnedTable<uint> _notes = new(Heads + DeflateSymbols.Window);

    /// <inheritdoc cref="LazyMatcher.Begin"/>
    public void Begin(byte* input, int dictionary, int length)
    {
        _notes.Span[..Heads].Clear();
        Remember(input, input + Math.Min(dictionary, length - Looked + 1), input, _notes.Pointer);
    }

    /// <inheritdoc cref="LazyMatcher.Read"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read<TEffort>(byte* input, int start, int end, int length, MatchLimits limits, TokenBlock block)
        where TEffort : struct, ILogEffort
    {
        TokenBlock.Cursor tokens = block.Begin();
        uint* heads = _notes.Pointer;
        int* farthest = limits.Farthest;
        byte* last = input + length;
        byte* here = input + start;
        byte* stop = input + Math.Min(end, length - Looked);
        while (here < stop)
        {
            int distance = Note(here, input, heads);
            if (distance == 0)
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            ulong match = Search<TEffort>(here, input, heads, distance, MinMatch - 1, TEffort.Depth, last);
            int found = (int)(match >> 32);
            if (found == 0 || (found < MatchLimits.AlwaysWorth && (int)match > farthest[found]))
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            byte* remembered = here + 1;
            while (found < TEffort.Lazy && here < stop)
            {
                distance = Note(here + 1, input, heads);
                remembered = here + 2;
                int depth = found >= TEffort.Good ? TEffort.GoodDepth : TEffort.Depth;
                ulong later = distance > 0 ? Search<TEffort>(here + 1, input, heads, distance, found, depth, last) : 0;
                if (later == 0)
                {
                    break;
                }

                tokens.AddLiteral(*here++);
                match = later;
                found = (int)(match >> 32);
            }

            tokens.AddMatch(found, (int)match);
            here += found;
            byte* behind = here <= last - Looked ? here : last - Looked + 1;
            if (behind - remembered > 2 * TEffort.RememberedEnd)
            {
                Remember(remembered, remembered + TEffort.RememberedEnd, input, heads);
                remembered = behind - TEffort.RememberedEnd;
            }

            Remember(remembered, behind, input, heads);
        }

        for (stop = input + end; here < stop; here++)
        {
            tokens.AddLiteral(*here);
        }

        block.End(tokens);
        return (int)(here - input);
    }

    // Puts a place in front of its chain and returns the distance of the one that was there; 0 when that has another hash or is out of the window.
    // Eight bytes can be read from it on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Note(byte* here, byte* input, uint* heads)
    {
        ulong hash = Hash(here);
        uint place = (uint)(here - input);
        uint note = ((uint)(hash >> 16) & ~PlaceMask) | place;
        uint* head = heads + (hash >> (64 - HashBits));
        uint before = *head;
        heads[Heads + (place & WindowMask)] = before;
        *head = note;
        return Distance(note, before);
    }

    // The same, and notes nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Last(byte* here, byte* input, uint* heads)
    {
        ulong hash = Hash(here);
        uint note = ((uint)(hash >> 16) & ~PlaceMask) | (uint)(here - input);
        return Distance(note, heads[hash >> (64 - HashBits)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(byte* here) => (Unsafe.ReadUnaligned<ulong>(here) << 24) * 0x9E3779B185EBCA87UL;

    // The hashes are the same when the difference is one of places alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Distance(uint note, uint before) => note - before is var distance and <= DeflateSymbols.Window ? (int)distance : 0;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Remember(byte* from, byte* to, byte* input, uint* heads)
    {
        for (; from < to; from++)
        {
            Note(from, input, heads);
        }
    }

    // The longest match that is longer than best, the nearest place at the given distance: its length above its distance in 32 bits each; 0 for none.
    // All reads lie before the last byte: the four bytes at a place are there because it was looked up, and those that end with the byte at best because
    // a match that reaches the end ends the search.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ulong Search<TEffort>(byte* here, byte* input, uint* heads, int distance, int best, int depth, byte* last)
        where TEffort : struct, ILogEffort
    {
        byte* end = last - here > DeflateSymbols.MaxMatch ? here + DeflateSymbols.MaxMatch : last;
        if (best >= (int)(end - here))
        {
            return 0;
        }

        uint* chain = heads + Heads;
        ulong match = 0;
        byte* chained = here;
        if (TEffort.LooksAtEnds && best >= MinMatch && !FollowEnd(here, input, heads, best, last, ref chained, ref distance))
        {
            return 0;
        }

        uint first = Unsafe.ReadUnaligned<uint>(here);
        uint ending = Unsafe.ReadUnaligned<uint>(here + best - 3);
        do
        {
            byte* there = here - distance;
            if (Unsafe.ReadUnaligned<uint>(there + best - 3) == ending && Unsafe.ReadUnaligned<uint>(there) == first)
            {
                int agreed = sizeof(uint) + MatchLength.Of(here + sizeof(uint), there + sizeof(uint), end);
                if (agreed > best)
                {
                    best = agreed;
                    match = ((ulong)(uint)best << 32) | (uint)distance;
                    if (agreed >= TEffort.Nice || agreed >= (int)(end - here))
                    {
                        break;
                    }

                    ending = Unsafe.ReadUnaligned<uint>(here + best - 3);
                    if (TEffort.LooksAtEnds)
                    {
                        byte* before = chained;
                        if (!FollowEnd(here, input, heads, best, last, ref chained, ref distance))
                        {
                            break;
                        }

                        if (chained != before)
                        {
                            continue;
                        }
                    }
                }
            }

            // A slot of the chain that a newer place took over leads forward: that is the chain's end. One in front of the input has no such match.
            int place = (int)(chained - input);
            int farther = place - (int)(chain[(place - distance) & WindowMask] & PlaceMask);
            if (farther <= distance || (TEffort.LooksAtEnds && farther > (int)(here - input)))
            {
                break;
            }

            distance = farther;
        }
        while (distance <= DeflateSymbols.Window && --depth > 0);

        return match;
    }

    // Changes over to the chain of the places that end as a longer match would, when its first place is farther away: then it is the shorter one. False when
    // there is no such place, so that nothing longer will be found.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool FollowEnd(byte* here, byte* input, uint* heads, int best, byte* last, ref byte* chained, ref int distance)
    {
        byte* ending = here + best + 1 - MinMatch;
        if (ending + Looked > last)
        {
            return true;
        }

        int farther = Last(ending, input, heads);
        if (farther == 0 || farther > (int)(here - input))
        {
            return false;
        }

        if (farther > distance)
        {
            distance = farther;
            chained = ending;
        }

        return true;
    }
}
