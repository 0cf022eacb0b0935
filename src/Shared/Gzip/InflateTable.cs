
namespace IotOps.Shared;

/// <summary>A Huffman code (RFC 1951, section 3.2.2) as a table: by the next bits, the symbol that they begin with.</summary>
/// <param name="bits">Bits that the table is asked by; codes longer than these have a second table.</param>
/// <param name="entries">By symbol, what its entry says but for the code's own bits.</param>
/// <param name="mayBeIncomplete">A single code of one bit, or none at all, is allowed.</param>
internal sealed unsafe class InflateTable(int bits, uint[] entries, bool mayBeIncomplete)
{
    // A second table has two symbols at least, and no more entries than the longest code has bits beyond the first one.
    private readonly PinnedTable<uint> _table = new((1 << bits) + ((entries.Length / 2) << (DeflateSymbols.LongestCode - bits)));

    /// <summary>Valid while this object is.</summary>
    public uint* Entries => _table.Pointer;

    /// <summary>A symbol's code, first bit lowest.</summary>
    /// <param name="lengths">By symbol, bits of its code; 0 for one that does not occur.</param>
    /// <param name="symbol">One that occurs.</param>
    public static uint CodeOf(ReadOnlySpan<byte> lengths, int symbol)
    {
        byte length = lengths[symbol];
        uint code = 0;
        for (byte shorter = 1; shorter < length; shorter++)
        {
            code = (code + (uint)lengths.Count(shorter)) << 1;
        }

        return Reversed(code + (uint)lengths[..symbol].Count(length), length);
    }

    /// <summary>Takes the lengths of the codes, and refuses those that make no code, as zlib does.</summary>
    /// <param name="lengths">By symbol; 0 for one that does not occur.</param>
    /// <exception cref="InvalidDataException">Too many codes, or too few.</exception>
    public void Build(ReadOnlySpan<byte> lengths)
    {
        Span<int> counts = stackalloc int[DeflateSymbols.LongestCode + 1];
        counts.Clear();
        foreach (byte length in lengths)
        {
            counts[length]++;
        }

        counts[0] = 0;
        Span<uint> next = stackalloc uint[DeflateSymbols.LongestCode + 1];
        int longest = AssignCodes(counts, next);
        Span<uint> table = _table.Span;
        int secondStart = 1 << bits;
        int secondBits = longest - bits;
        uint mask = (1u << bits) - 1;
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
            {
                continue;
            }

            uint code = Reversed(next[length]++, length);
            uint entry = entries[symbol] + (uint)length + ((uint)length << InflateEntry.CodeShift);
            if (length <= bits)
            {
                Fill(table[..(1 << bits)], code, length, entry);
                continue;
            }

            // Codes of a common beginning follow each other, so a link that is not this code's yet begins a table.
            ref uint link = ref table[(int)(code & mask)];
            if ((link & InflateEntry.Link) == 0)
            {
                link = InflateEntry.Special | InflateEntry.Link | ((uint)secondStart << InflateEntry.ValueShift) | ((uint)secondBits << InflateEntry.CodeShift) | (uint)bits;
                secondStart += 1 << secondBits;
            }

            entry = entries[symbol] + (uint)(length - bits) + ((uint)(length - bits) << InflateEntry.CodeShift);
            Fill(table.Slice((int)(link >> InflateEntry.ValueShift), 1 << secondBits), code >> bits, length - bits, entry);
        }
    }

    // The first code of each length; returns the longest. What no code leads to is told by the entries that are there first.
    private int AssignCodes(ReadOnlySpan<int> counts, Span<uint> next)
    {
        int left = 1;
        int longest = 0;
        uint code = 0;
        for (int length = 1; length < counts.Length; length++)
        {
            left = (left << 1) - counts[length];
            if (left < 0)
            {
                throw new InvalidDataException("Its deflate data holds a Huffman code with more codes than there can be.");
            }

            code = (code + (uint)counts[length - 1]) << 1;
            next[length] = code;
            longest = counts[length] > 0 ? length : longest;
        }

        if (left > 0 && !(mayBeIncomplete && longest <= 1))
        {
            throw new InvalidDataException("Its deflate data holds a Huffman code with codes missing.");
        }

        // Links of the code before must not be taken for this one's; a complete code of short symbols alone overwrites all.
        if (left > 0 || longest > bits)
        {
            _table.Span[..(1 << bits)].Fill(InflateEntry.Special | 1);
        }

        return longest;
    }

    // Codes stand bit-reversed in the stream: an entry for every way that the bits behind the code can be.
    private static void Fill(Span<uint> table, uint code, int length, uint entry)
    {
        for (int index = (int)code; index < table.Length; index += 1 << length)
        {
            table[index] = entry;
        }
    }

    private static uint Reversed(uint code, int length)
    {
        code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
        code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
        code = ((code & 0x0F0F) << 4) | ((code >> 4) & 0x0F0F);
        return (((code & 0xFF) << 8) | (code >> 8)) >> (16 - length);
    }
}
