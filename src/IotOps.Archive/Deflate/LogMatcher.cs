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
    private const int Depth = 5;

    // From Good on a match is looked behind with less depth, from Lazy on not at all; from Nice on it is taken without looking for a longer one.
    private const int Good = 16;
    private const int GoodDepth = 2;
    private const int Lazy = 32;
    private const int Nice = 64;

    private const int HashBits = 16;
    private const int MinMatch = 5;

    // A place is looked up by the eight bytes from it on.
    private const int Looked = sizeof(ulong);
    private const int WindowMask = DeflateSymbols.Window - 1;

    // Of a longer match only so many places at its beginning and at its end are remembered: those between follow from them.
    private const int RememberedEnd = 4;

    // A note holds a place, counted from the first byte, and above it more of its bytes' hash: a note whose hash is another is passed over without a look
    // at the bytes it leads to, which is what literals nearly always meet.
    private const int PlaceBits = 23;
    private const uint PlaceMask = (1u << PlaceBits) - 1;

    private readonly PinnedTable<uint> _heads = new(1 << HashBits);

    // Needs no clearing: only slots of places that were noted in this block are followed.
    private readonly PinnedTable<uint> _chain = new(DeflateSymbols.Window);

    /// <inheritdoc cref="LazyMatcher.Begin"/>
    public void Begin(byte* input, int dictionary, int length)
    {
        _heads.Span.Clear();
        Remember(input, input + Math.Min(dictionary, length - Looked + 1), input, _heads.Pointer, _chain.Pointer);
    }

    /// <inheritdoc cref="LazyMatcher.Read"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(byte* input, int start, int end, int length, MatchLimits limits, TokenBlock block)
    {
        TokenBlock.Cursor tokens = block.Begin();
        uint* heads = _heads.Pointer;
        uint* chain = _chain.Pointer;
        int* farthest = limits.Farthest;
        byte* last = input + length;
        byte* here = input + start;
        byte* stop = input + Math.Min(end, length - Looked);
        while (here < stop)
        {
            int distance = Note(here, input, heads, chain);
            if (distance == 0)
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            ulong match = Search(here, input, chain, distance, MinMatch - 1, Depth, last);
            int found = (int)(match >> 32);
            if (found == 0 || (found < MatchLimits.AlwaysWorth && (int)match > farthest[found]))
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            byte* remembered = here + 1;
            while (found < Lazy && here < stop)
            {
                distance = Note(here + 1, input, heads, chain);
                remembered = here + 2;
                ulong later = distance > 0 ? Search(here + 1, input, chain, distance, found, found >= Good ? GoodDepth : Depth, last) : 0;
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
            if (behind - remembered > 2 * RememberedEnd)
            {
                Remember(remembered, remembered + RememberedEnd, input, heads, chain);
                remembered = behind - RememberedEnd;
            }

            Remember(remembered, behind, input, heads, chain);
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
    private static int Note(byte* here, byte* input, uint* heads, uint* chain)
    {
        ulong hash = (Unsafe.ReadUnaligned<ulong>(here) << 24) * 0x9E3779B185EBCA87UL;
        uint place = (uint)(here - input);
        uint note = ((uint)(hash >> 16) & ~PlaceMask) | place;
        uint* head = heads + (hash >> (64 - HashBits));
        uint before = *head;
        chain[place & WindowMask] = before;
        *head = note;

        // The hashes are the same when the difference is one of places alone.
        uint distance = note - before;
        return distance <= DeflateSymbols.Window ? (int)distance : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Remember(byte* from, byte* to, byte* input, uint* heads, uint* chain)
    {
        for (; from < to; from++)
        {
            Note(from, input, heads, chain);
        }
    }

    // The longest match that is longer than best, the nearest place at the given distance: its length above its distance in 32 bits each; 0 for none.
    // All reads lie before end: the four bytes at a place are there because it was looked up, and those that end with the byte at best because a
    // match that reaches the end ends the search.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ulong Search(byte* here, byte* input, uint* chain, int distance, int best, int depth, byte* end)
    {
        end = end - here > DeflateSymbols.MaxMatch ? here + DeflateSymbols.MaxMatch : end;
        if (best >= (int)(end - here))
        {
            return 0;
        }

        ulong match = 0;
        int place = (int)(here - input);
        do
        {
            byte* there = here - distance;
            if (Unsafe.ReadUnaligned<uint>(there + best - 3) == Unsafe.ReadUnaligned<uint>(here + best - 3)
                && Unsafe.ReadUnaligned<uint>(there) == Unsafe.ReadUnaligned<uint>(here))
            {
                int agreed = sizeof(uint) + MatchLength.Of(here + sizeof(uint), there + sizeof(uint), end);
                if (agreed > best)
                {
                    best = agreed;
                    match = ((ulong)(uint)best << 32) | (uint)distance;
                    if (agreed >= Nice || agreed >= (int)(end - here))
                    {
                        break;
                    }
                }
            }

            // A slot of the chain that a newer place took over leads forward: that is the chain's end.
            int farther = place - (int)(chain[(place - distance) & WindowMask] & PlaceMask);
            if (farther <= distance)
            {
                break;
            }

            distance = farther;
        }
        while (distance <= DeflateSymbols.Window && --depth > 0);

        return match;
    }
}
