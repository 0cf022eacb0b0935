using System.Runtime.CompilerServices;

namespace IotOps.Archive.Deflate;

/// <summary>Looks at one earlier place for each byte, the last that began with the same four, and takes what it finds.</summary>
internal sealed unsafe class ProbeMatcher
{
    private const int HashBits = 15;
    private const int MinMatch = sizeof(uint);

    // As in LazyMatcher: what an earlier block left is out of reach.
    private const int MaxPlace = 1 << 30;
    private const int Nowhere = -DeflateSymbols.Window - 1;

    private readonly PinnedTable<int> _heads = new(1 << HashBits);
    private int _origin = MaxPlace;
    private int _length;

    /// <summary>Begins a block of so many bytes.</summary>
    public void Begin(int length)
    {
        _origin += _length + DeflateSymbols.Window + 1;
        _length = length;
        if (_origin >= MaxPlace)
        {
            _heads.Span.Fill(Nowhere);
            _origin = 0;
        }
    }

    /// <inheritdoc cref="LazyMatcher.Read"/>
    public int Read(byte* input, int start, int end, int length, TokenBlock block)
    {
        TokenBlock.Cursor tokens = block.Begin();
        int* heads = _heads.Pointer;
        int origin = _origin;
        int hashable = length - MinMatch + 1;
        int at = start;
        while (at < end)
        {
            int distance = at < hashable ? Probe(input, heads, at, origin) : 0;
            if (distance == 0)
            {
                tokens.AddLiteral(input[at++]);
                continue;
            }

            int found = Extend(input, at, distance, length);
            tokens.AddMatch(found, distance);
            at = Skip(input, heads, at, found, origin, hashable);
        }

        block.End(tokens);
        return at;
    }

    /// <summary>Writes what it finds straight away, in codes that exist already.</summary>
    /// <param name="input">The block's first byte.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="end">Where to end; a match may go beyond it.</param>
    /// <param name="length">The block's bytes: nothing behind them is read.</param>
    /// <param name="tables">Codes for every symbol.</param>
    /// <param name="ofDistance">The symbol of a distance less one.</param>
    /// <param name="bits">Takes at most 15 bits for each byte of input, and eight bytes.</param>
    /// <returns>Where the last token ends.</returns>
    public int Write(byte* input, int start, int end, int length, CodeTables tables, byte* ofDistance, ref BitSink bits)
    {
        int* heads = _heads.Pointer;
        int origin = _origin;
        int hashable = length - MinMatch + 1;
        ulong* literals = tables.Literals;
        ulong* lengths = tables.Lengths;
        ulong* distances = tables.Distances;
        ref ushort bases = ref Unsafe.AsRef(in DeflateSymbols.DistanceBase[0]);
        ref byte extras = ref Unsafe.AsRef(in DeflateSymbols.DistanceExtraBits[0]);
        byte* to = bits.At;
        ulong waiting = bits.Waiting;
        int count = bits.Count;
        int at = start;
        while (at < end)
        {
            int distance = at < hashable ? Probe(input, heads, at, origin) : 0;
            if (distance == 0)
            {
                ulong literal = literals[input[at++]];
                waiting |= (literal & CodeTables.BitsMask) << count;
                count += (int)(literal >> CodeTables.CountShift);
            }
            else
            {
                int found = Extend(input, at, distance, length);
                ulong entry = lengths[found];
                waiting |= (entry & CodeTables.BitsMask) << count;
                count += (int)(entry >> CodeTables.CountShift);
                uint less = (uint)distance - 1;
                int symbol = ofDistance[less < 256 ? less : 256 + (less >> 7)];
                entry = distances[symbol];
                int code = (int)(entry >> CodeTables.CountShift);
                ulong extra = less + 1 - Unsafe.Add(ref bases, symbol);
                waiting |= ((entry & CodeTables.BitsMask) | (extra << code)) << count;
                count += code + Unsafe.Add(ref extras, symbol);
                at = Skip(input, heads, at, found, origin, hashable);
            }

            Unsafe.WriteUnaligned(to, waiting);
            to += count >> 3;
            waiting >>= count & 0x38;
            count &= 7;
        }

        bits.At = to;
        bits.Waiting = waiting;
        bits.Count = count;
        return at;
    }

    // The distance of a place that begins with the same four bytes; 0 when the last one with their hash does not, or is out of the window.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Probe(byte* input, int* heads, int at, int origin)
    {
        uint first = Unsafe.ReadUnaligned<uint>(input + at);
        int* head = heads + Hash(first);
        int distance = origin + at - *head;
        *head = origin + at;
        return (uint)(distance - 1) < DeflateSymbols.Window && Unsafe.ReadUnaligned<uint>(input + at - distance) == first ? distance : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Extend(byte* input, int at, int distance, int length)
    {
        byte* here = input + at;
        byte* end = here + Math.Min(DeflateSymbols.MaxMatch, length - at);
        return MinMatch + MatchLength.Of(here + MinMatch, here + MinMatch - distance, end);
    }

    // The second and the last place of a match are remembered, the others are not: most of the gain for little of the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Skip(byte* input, int* heads, int at, int found, int origin, int hashable)
    {
        int next = at + found;
        if (next < hashable)
        {
            heads[Hash(Unsafe.ReadUnaligned<uint>(input + at + 1))] = origin + at + 1;
            heads[Hash(Unsafe.ReadUnaligned<uint>(input + next - 1))] = origin + next - 1;
        }

        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint bytes) => (bytes * 2654435761u) >> (32 - HashBits);
}
