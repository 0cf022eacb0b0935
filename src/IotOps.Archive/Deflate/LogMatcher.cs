using System.Runtime.CompilerServices;

namespace IotOps.Archive.Deflate;

/// <summary>
/// Finds the matches of text with many digits, such as logs: by chains of places that begin with the same five bytes, because any four digits lie
/// somewhere in the window already, and a match of four is hardly ever worth its bits there.
/// </summary>
/// <remarks>Its parts are methods of their own that are not inlined: each keeps its few variables in registers, together they would not fit.</remarks>
internal sealed unsafe class LogMatcher
{
    private const int Depth = 8;

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

    // As in LazyMatcher: what an earlier block left is out of reach.
    private const int MaxPlace = 1 << 30;
    private const int Nowhere = -DeflateSymbols.Window - 1;

    private readonly PinnedTable<int> _heads = new(1 << HashBits);
    private readonly PinnedTable<int> _chain = new(DeflateSymbols.Window);
    private int _origin = MaxPlace;
    private int _length;

    /// <inheritdoc cref="LazyMatcher.Begin"/>
    public void Begin(byte* input, int dictionary, int length)
    {
        _origin += _length + DeflateSymbols.Window + 1;
        _length = length;
        if (_origin >= MaxPlace)
        {
            _heads.Span.Fill(Nowhere);
            _chain.Span.Fill(Nowhere);
            _origin = 0;
        }

        Remember(input, input + Math.Min(dictionary, length - Looked + 1), input - _origin, _heads.Pointer, _chain.Pointer);
    }

    /// <inheritdoc cref="LazyMatcher.Read"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(byte* input, int start, int end, int length, MatchLimits limits, TokenBlock block)
    {
        TokenBlock.Cursor tokens = block.Begin();
        int* heads = _heads.Pointer;
        int* chain = _chain.Pointer;
        int* farthest = limits.Farthest;
        byte* places = input - _origin;
        byte* last = input + length;
        byte* here = input + start;
        byte* stop = input + Math.Min(end, length - Looked);
        while (here < stop)
        {
            int candidate = Exchange(here, places, heads, chain);
            if ((uint)((int)(here - places) - candidate - 1) >= DeflateSymbols.Window)
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            ulong match = Search(here, places, chain, candidate, MinMatch - 1, Depth, last);
            int found = (int)(match >> 32);
            if (found == 0 || (found < MatchLimits.AlwaysWorth && (int)match > farthest[found]))
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            byte* remembered = here + 1;
            while (found < Lazy && here < stop)
            {
                candidate = Exchange(here + 1, places, heads, chain);
                remembered = here + 2;
                ulong later = (uint)((int)(here + 1 - places) - candidate - 1) < DeflateSymbols.Window
                    ? Search(here + 1, places, chain, candidate, found, found >= Good ? GoodDepth : Depth, last)
                    : 0;
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
                Remember(remembered, remembered + RememberedEnd, places, heads, chain);
                remembered = behind - RememberedEnd;
            }

            Remember(remembered, behind, places, heads, chain);
        }

        for (stop = input + end; here < stop; here++)
        {
            tokens.AddLiteral(*here);
        }

        block.End(tokens);
        return (int)(here - input);
    }

    // Puts a place in front of its chain and returns the one that was there. Eight bytes can be read from it on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Exchange(byte* here, byte* places, int* heads, int* chain)
    {
        int place = (int)(here - places);
        int* head = heads + (((Unsafe.ReadUnaligned<ulong>(here) << 24) * 0x9E3779B185EBCA87UL) >> (64 - HashBits));
        int candidate = *head;
        chain[place & WindowMask] = candidate;
        *head = place;
        return candidate;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Remember(byte* from, byte* to, byte* places, int* heads, int* chain)
    {
        for (; from < to; from++)
        {
            Exchange(from, places, heads, chain);
        }
    }

    // The longest match that is longer than best: its length above its distance in 32 bits each; 0 when there is none. The candidate is in the window.
    // All reads lie before end: the four bytes at a place are there because it was looked up, and those that end with the byte at best because a
    // match that reaches the end ends the search.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ulong Search(byte* here, byte* places, int* chain, int candidate, int best, int depth, byte* end)
    {
        end = end - here > DeflateSymbols.MaxMatch ? here + DeflateSymbols.MaxMatch : end;
        if (best >= (int)(end - here))
        {
            return 0;
        }

        ulong match = 0;
        int place = (int)(here - places);
        do
        {
            byte* there = places + candidate;
            if (Unsafe.ReadUnaligned<uint>(there + best - 3) == Unsafe.ReadUnaligned<uint>(here + best - 3)
                && Unsafe.ReadUnaligned<uint>(there) == Unsafe.ReadUnaligned<uint>(here))
            {
                int agreed = sizeof(uint) + MatchLength.Of(here + sizeof(uint), there + sizeof(uint), end);
                if (agreed > best)
                {
                    best = agreed;
                    match = ((ulong)(uint)best << 32) | (uint)(place - candidate);
                    if (agreed >= Nice || agreed >= (int)(end - here))
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
        while ((uint)(place - candidate - 1) < DeflateSymbols.Window && --depth > 0);

        return match;
    }
}
