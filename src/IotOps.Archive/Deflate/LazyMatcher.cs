using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>Finds matches by chains of places that begin with the same four bytes, and looks one byte further before it takes one.</summary>
internal sealed unsafe class LazyMatcher
{
    private const int HashBits = 15;
    private const int ThreesBits = 12;
    private const int MinMatch = sizeof(uint);
    private const int WindowMask = DeflateSymbols.Window - 1;

    // Places count on from block to block with more than a window between, so that what an earlier block left is out of reach and needs no clearing.
    private const int MaxPlace = 1 << 30;
    private const int Nowhere = -DeflateSymbols.Window - 1;

    private readonly PinnedTable<int> _heads = new(1 << HashBits);
    private readonly PinnedTable<int> _chain = new(DeflateSymbols.Window);
    private readonly PinnedTable<int> _threes = new(1 << ThreesBits);
    private int _origin = MaxPlace;
    private int _length;

    /// <summary>Begins a block.</summary>
    /// <param name="input">Its first byte; that of the dictionary, where there is one.</param>
    /// <param name="dictionary">Bytes in front of the block that matches may lie in.</param>
    /// <param name="length">Bytes of both.</param>
    public void Begin(byte* input, int dictionary, int length)
    {
        _origin += _length + DeflateSymbols.Window + 1;
        _length = length;
        if (_origin >= MaxPlace)
        {
            _heads.Span.Fill(Nowhere);
            _chain.Span.Fill(Nowhere);
            _threes.Span.Fill(Nowhere);
            _origin = 0;
        }

        Insert(input, 0, Math.Min(dictionary, length - MinMatch + 1), _heads.Pointer, _chain.Pointer, _origin);
    }

    /// <summary>Fills a token block.</summary>
    /// <param name="input">As it was begun with.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="end">Where to end; a match may go beyond it.</param>
    /// <param name="length">As it was begun with: nothing behind is read.</param>
    /// <param name="effort">How hard to look.</param>
    /// <param name="limits">Which short matches are worth it.</param>
    /// <param name="block">Takes the tokens.</param>
    /// <returns>Where the last token ends.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(byte* input, int start, int end, int length, LazyEffort effort, MatchLimits limits, TokenBlock block)
    {
        TokenBlock.Cursor tokens = block.Begin();
        int* heads = _heads.Pointer;
        int* chain = _chain.Pointer;
        int* farthest = limits.Farthest;
        int origin = _origin;
        bool threes = farthest[DeflateSymbols.MinMatch] > 0;
        int hashable = length - MinMatch + 1;
        int at = start;
        while (at < end)
        {
            if (at >= hashable)
            {
                tokens.AddLiteral(input[at++]);
                continue;
            }

            int distance = 0;
            int found = Find(input, heads, chain, at, origin, length, MinMatch - 1, effort.Depth, effort.Nice, ref distance);
            if (threes && FindThree(input, _threes.Pointer, at, origin) is > 0 and int near && found < MinMatch)
            {
                distance = near;
            }

            if (distance == 0 || (found < MatchLimits.AlwaysWorth && distance > farthest[found]))
            {
                tokens.AddLiteral(input[at++]);
                continue;
            }

            int inserted = at + 1;
            while (found < effort.Lazy && at + 1 < hashable && found < length - at - 1)
            {
                int depth = found >= effort.Good ? effort.Depth >> 2 : effort.Depth;
                int laterDistance = 0;
                int later = Find(input, heads, chain, at + 1, origin, length, found, depth, effort.Nice, ref laterDistance);
                inserted = at + 2;
                if (later <= found || (later < MatchLimits.AlwaysWorth && laterDistance > farthest[later]))
                {
                    break;
                }

                tokens.AddLiteral(input[at++]);
                found = later;
                distance = laterDistance;
            }

            tokens.AddMatch(found, distance);
            at += found;
            Insert(input, inserted, Math.Min(at, hashable), heads, chain, origin);
        }

        block.End(tokens);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Insert(byte* input, int from, int to, int* heads, int* chain, int origin)
    {
        for (int place = from; place < to; place++)
        {
            int* head = heads + Hash(Unsafe.ReadUnaligned<uint>(input + place));
            chain[(origin + place) & WindowMask] = *head;
            *head = origin + place;
        }
    }

    // The longest match that is longer than best, or best. All reads lie before length: four bytes at a place are there because it is hashable,
    // and those that end with the byte at best because a match that reaches max ends the search.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Find(
        byte* input, int* heads, int* chain, int at, int origin, int length, int best, int depth, int nice, ref int distance)
    {
        byte* here = input + at;
        uint first = Unsafe.ReadUnaligned<uint>(here);
        int place = origin + at;
        int* head = heads + Hash(first);
        int candidate = *head;
        chain[place & WindowMask] = candidate;
        *head = place;

        int max = Math.Min(DeflateSymbols.MaxMatch, length - at);
        nice = Math.Min(nice, max);
        while ((uint)(place - candidate - 1) < DeflateSymbols.Window && depth-- > 0)
        {
            byte* there = here - (place - candidate);
            if (Unsafe.ReadUnaligned<uint>(there + best - 3) == Unsafe.ReadUnaligned<uint>(here + best - 3)
                && Unsafe.ReadUnaligned<uint>(there) == first)
            {
                int agreed = MinMatch + MatchLength.Of(here + MinMatch, there + MinMatch, here + max);
                if (agreed > best)
                {
                    best = agreed;
                    distance = place - candidate;
                    if (agreed >= nice)
                    {
                        break;
                    }
                }
            }

            // A slot of the chain that a newer place took over leads forward: that is the chain's end.
            int next = chain[candidate & WindowMask];
            if (next >= candidate)
            {
                break;
            }

            candidate = next;
        }

        return best;
    }

    // The distance of the last place with the same three bytes, or 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FindThree(byte* input, int* threes, int at, int origin)
    {
        uint first = Unsafe.ReadUnaligned<uint>(input + at) << 8;
        int* last = threes + ((first * 2654435761u) >> (32 - ThreesBits));
        int distance = origin + at - *last;
        *last = origin + at;
        return (uint)(distance - 1) < DeflateSymbols.Window && Unsafe.ReadUnaligned<uint>(input + at - distance) << 8 == first ? distance : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint bytes) => (bytes * 2654435761u) >> (32 - HashBits);
}
