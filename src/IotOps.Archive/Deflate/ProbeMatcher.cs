using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>Looks at one earlier place for each byte, the last that began with the same four, and takes what it finds.</summary>
internal sealed unsafe class ProbeMatcher
{
    private const int HashBits = 15;
    private const int MinMatch = sizeof(uint);

    // The lower half of a place, counted from the block's first byte. What is read back is the distance modulo 64 KiB, which never leads out of the
    // block: below 64 KiB it is at most the place itself, because the table began as zeros.
    private readonly PinnedTable<ushort> _heads = new(1 << HashBits);

    /// <summary>Begins a block.</summary>
    public void Begin() => _heads.Span.Clear();

    /// <inheritdoc cref="LazyMatcher.Read"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(byte* input, int start, int end, int length, TokenBlock block)
    {
        TokenBlock.Cursor tokens = block.Begin();
        ushort* heads = _heads.Pointer;
        byte* last = input + length;
        byte* here = input + start;
        byte* stop = input + Math.Min(end, length - MinMatch + 1);
        while (here < stop)
        {
            int distance = Probe(input, heads, here);
            if (distance == 0)
            {
                tokens.AddLiteral(*here++);
                continue;
            }

            int found = Extend(here, distance, last);
            tokens.AddMatch(found, distance);
            here = Skip(input, heads, here, found, last);
        }

        for (stop = input + end; here < stop; here++)
        {
            tokens.AddLiteral(*here);
        }

        block.End(tokens);
        return (int)(here - input);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Write(byte* input, int start, int end, int length, CodeTables tables, byte* ofDistance, ref BitSink bits)
    {
        ushort* heads = _heads.Pointer;
        ulong* literals = tables.Literals;
        ulong* lengths = tables.Lengths;
        ulong* distances = tables.Distances;
        ref ushort bases = ref Unsafe.AsRef(in DeflateSymbols.DistanceBase[0]);
        ref byte extras = ref Unsafe.AsRef(in DeflateSymbols.DistanceExtraBits[0]);
        byte* to = bits.At;
        ulong waiting = bits.Waiting;
        int count = bits.Count;
        byte* last = input + length;
        byte* here = input + start;
        byte* stop = input + Math.Min(end, length - MinMatch + 1);
        while (here < stop)
        {
            int distance = Probe(input, heads, here);
            if (distance == 0)
            {
                ulong literal = literals[*here++];
                waiting |= (literal & CodeTables.BitsMask) << count;
                count += (int)(literal >> CodeTables.CountShift);
            }
            else
            {
                int found = Extend(here, distance, last);
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
                here = Skip(input, heads, here, found, last);
            }

            Unsafe.WriteUnaligned(to, waiting);
            to += count >> 3;
            waiting >>= count & 0x38;
            count &= 7;
        }

        bits.At = to;
        bits.Waiting = waiting;
        bits.Count = count;
        for (stop = input + end; here < stop; here++)
        {
            ulong literal = literals[*here];
            bits.Put(literal & CodeTables.BitsMask, (int)(literal >> CodeTables.CountShift));
        }

        return (int)(here - input);
    }

    // The distance of a place that begins with the same four bytes; 0 when the last one with their hash does not, or is out of the window. The bytes
    // are compared first, because that nearly always tells, and the processor foresees it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Probe(byte* input, ushort* heads, byte* here)
    {
        uint first = Unsafe.ReadUnaligned<uint>(here);
        uint place = (uint)(here - input);
        ushort* head = heads + Hash(first);
        int distance = (ushort)(place - *head);
        *head = (ushort)place;
        return Unsafe.ReadUnaligned<uint>(here - distance) == first && distance <= DeflateSymbols.Window ? distance : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Extend(byte* here, int distance, byte* last)
    {
        byte* end = last - here > DeflateSymbols.MaxMatch ? here + DeflateSymbols.MaxMatch : last;
        return MinMatch + MatchLength.Of(here + MinMatch, here + MinMatch - distance, end);
    }

    // The second and the last place of a match are remembered, the others are not: most of the gain for little of the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Skip(byte* input, ushort* heads, byte* here, int found, byte* last)
    {
        byte* next = here + found;
        if (last - next >= MinMatch)
        {
            heads[Hash(Unsafe.ReadUnaligned<uint>(here + 1))] = (ushort)(here + 1 - input);
            heads[Hash(Unsafe.ReadUnaligned<uint>(next - 1))] = (ushort)(next - 1 - input);
        }

        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint bytes) => (bytes * 2654435761u) >> (32 - HashBits);
}
