using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IotOps.Shared;

/// <summary>
/// Inflates a deflate stream (RFC 1951) that comes in pieces, and takes from its last block the mark that it is the last. Knows at any time up to which
/// bit all was good, and what the plain bytes up to there come to. Used again and again, by one thread at a time.
/// </summary>
/// <param name="sink">Gets the plain bytes; null when only what they come to is wanted.</param>
internal sealed unsafe class Inflater(IBufferWriter<byte>? sink = null)
{
    /// <summary>Bytes behind the data that are read, whatever they are, and never counted.</summary>
    public const int Padding = 64;

    // A step goes three refills of 7 bytes on at most, the last of which looks at 8.
    private const int StepBytes = 32;
    private const int StoredHeaderBytes = 4;

    private readonly InflateWindow _plain = new() { Output = sink };
    private readonly InflateCodes _own = new();
    private InflateCodes? _fixed;
    private InflateCodes? _codes;
    private bool _isLastBlock;

    /// <summary>The bit of the buffer up to which all is good.</summary>
    public long Bit { get; private set; }

    /// <summary>What the bits of the member up to there mean.</summary>
    public InflateWindow Plain => _plain;

    /// <summary>The code that would end the block here; null between blocks.</summary>
    public (uint Code, int Bits)? BlockEnd => _codes?.EndOfBlock();

    public static InvalidDataException Torn() => new("Its deflate data ends in the middle.");

    /// <summary>Begins a stream.</summary>
    /// <param name="start">Its first byte in the buffer.</param>
    public void Begin(int start)
    {
        Bit = 8L * start;
        _codes = null;
        _isLastBlock = false;
        _plain.Clear();
    }

    /// <summary>The data now lies so many bytes further to the front.</summary>
    public void Moved(int bytes) => Bit -= 8L * bytes;

    /// <summary>Inflates what there is.</summary>
    /// <param name="buffer">Holds the stream from <see cref="Bit"/> on, and <see cref="Padding"/> bytes behind <paramref name="end"/>.</param>
    /// <param name="end">Where the data ends.</param>
    /// <param name="isWhole">Nothing comes behind it.</param>
    /// <returns>True at the end of the last block; false when the data does not reach so far.</returns>
    /// <exception cref="InvalidDataException">It cannot be inflated beyond <see cref="Bit"/>.</exception>
    public bool Run(byte[] buffer, int end, bool isWhole)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, buffer.Length - Padding);
        fixed (byte* data = buffer)
        {
            while (true)
            {
                if (_codes is null)
                {
                    if (_isLastBlock)
                    {
                        return true;
                    }

                    if (!BeginBlock(data, end, isWhole))
                    {
                        return false;
                    }
                }
                else if (RunCodes(data, end, isWhole, _codes))
                {
                    _codes = null;
                }
                else
                {
                    return false;
                }
            }
        }
    }

    private static InvalidDataException Bad(long bit, long endBit, string what) =>
        bit > endBit ? Torn() : new InvalidDataException($"Its deflate data {what}.");

    // A stored block is taken as a whole.
    private bool BeginBlock(byte* data, int end, bool isWhole)
    {
        long first = Bit;
        if (!isWhole && end - (first >> 3) < InflateCodes.LongestHeader)
        {
            return false;
        }

        var cursor = new BitCursor(data, first, 8L * end);
        uint header = (uint)cursor.Take(3);
        InflateCodes? codes = null;
        switch (header >> 1)
        {
            case 0:
                cursor.Align();
                uint lengths = (uint)cursor.Take(8 * StoredHeaderBytes);
                int length = (ushort)lengths;
                if (length != (ushort)~(lengths >> 16))
                {
                    throw new InvalidDataException("Its deflate data holds a stored block whose length does not match its complement.");
                }

                int start = (int)(cursor.Bit >> 3);
                if (length > end - start)
                {
                    return isWhole ? throw Torn() : false;
                }

                _plain.Add(new ReadOnlySpan<byte>(data + start, length));
                Bit = 8L * (start + length);
                break;
            case 1:
                codes = _fixed ??= InflateCodes.Fixed();
                Bit = cursor.Bit;
                break;
            case 2:
                codes = _own;
                codes.Read(ref cursor);
                Bit = cursor.Bit;
                break;
            default:
                throw new InvalidDataException("Its deflate data holds a block of an unknown type.");
        }

        _codes = codes;
        _isLastBlock = (header & 1) != 0;
        data[first >> 3] &= (byte)~((header & 1) << (int)(first & 7));
        return true;
    }

    // True at the block's end. `bits` holds the next bits, of which `left` are counted, and `entry` is what the table says to them. A step sees 56 at least:
    // three short literals (33), or two and a long code (22 + 15), or a length (20), after which there is a refill where a distance (28) may not fit.
    // Fast from the first call on, because whole processes live no longer than the runtime takes to find that out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool RunCodes(byte* data, int end, bool isWhole, InflateCodes codes)
    {
        const uint LiteralMask = (1u << InflateCodes.LiteralBits) - 1;
        const uint DistanceMask = (1u << InflateCodes.DistanceBits) - 1;
        uint* literals = codes.Literals;
        uint* distances = codes.Distances;
        byte* full = _plain.Full;
        byte* oldest = _plain.Start;
        byte* output = _plain.Next;
        long endBit = 8L * end;

        // Of whole data, more than 7 bytes too many have been looked at when bits behind the end have been taken for sure.
        byte* limit = data + end + (isWhole ? 8 : -StepBytes);
        byte* at = data + (Bit >> 3);
        ulong bits = 0;
        int left = 0;
        Refill(ref at, ref bits, ref left);
        bits >>= (int)(Bit & 7);
        left -= (int)(Bit & 7);
        uint entry = literals[(uint)bits & LiteralMask];
        while (true)
        {
            // One branch, not two: this is asked for each symbol.
            if (at > limit | output >= full)
            {
                // All up to here is good; what follows may turn out not to be.
                long bit = ((at - data) << 3) - left;
                if (bit > endBit)
                {
                    throw Torn();
                }

                Bit = bit;
                _plain.Next = output;
                _plain.Settle();
                output = _plain.Next;
                if (at > limit)
                {
                    return isWhole ? throw Torn() : false;
                }
            }

            if ((int)entry < 0)
            {
                bits >>= (int)(entry & 63);
                left -= (byte)entry;
                *output++ = (byte)(entry >> InflateEntry.ValueShift);
                entry = literals[(uint)bits & LiteralMask];
                if ((int)entry < 0)
                {
                    bits >>= (int)(entry & 63);
                    left -= (byte)entry;
                    *output++ = (byte)(entry >> InflateEntry.ValueShift);
                    entry = literals[(uint)bits & LiteralMask];
                    if ((int)entry < 0)
                    {
                        bits >>= (int)(entry & 63);
                        left -= (byte)entry;
                        *output++ = (byte)(entry >> InflateEntry.ValueShift);
                        entry = literals[(uint)bits & LiteralMask];
                        Refill(ref at, ref bits, ref left);
                        continue;
                    }
                }
            }

            if ((entry & InflateEntry.Special) != 0)
            {
                if ((entry & InflateEntry.Link) != 0)
                {
                    entry = Follow(literals, entry, InflateCodes.LiteralBits, ref bits, ref left);
                    if ((int)entry < 0)
                    {
                        bits >>= (int)(entry & 63);
                        left -= (byte)entry;
                        *output++ = (byte)(entry >> InflateEntry.ValueShift);
                        Refill(ref at, ref bits, ref left);
                        entry = literals[(uint)bits & LiteralMask];
                        continue;
                    }
                }

                if ((entry & InflateEntry.Special) != 0)
                {
                    long bit = ((at - data) << 3) - left + (byte)entry;
                    if ((entry & InflateEntry.EndOfBlock) == 0)
                    {
                        throw Bad(bit, endBit, "holds bits that are no code, or a length that there is not");
                    }

                    if (bit > endBit)
                    {
                        throw Torn();
                    }

                    Bit = bit;
                    _plain.Next = output;
                    _plain.Settle();
                    return true;
                }
            }

            int length = Value(entry, bits);
            bits >>= (int)(entry & 63);
            left -= (byte)entry;
            if (left < 28)
            {
                Refill(ref at, ref bits, ref left);
            }

            entry = distances[(uint)bits & DistanceMask];
            if ((entry & InflateEntry.Special) != 0)
            {
                entry = (entry & InflateEntry.Link) != 0 ? Follow(distances, entry, InflateCodes.DistanceBits, ref bits, ref left) : entry;
                if ((entry & InflateEntry.Special) != 0)
                {
                    throw Bad(((at - data) << 3) - left, endBit, "holds a distance that there is not");
                }
            }

            int distance = Value(entry, bits);
            bits >>= (int)(entry & 63);
            left -= (byte)entry;

            // One that points before the stream's first byte would silently take a neighbour's bytes in a joined entry.
            if (distance > output - oldest)
            {
                throw Bad(((at - data) << 3) - left, endBit, "refers to bytes before its first");
            }

            Refill(ref at, ref bits, ref left);
            entry = literals[(uint)bits & LiteralMask];
            Copy(output, distance, length);
            output += length;
        }
    }

    // Bits beyond those that are counted are the stream's too, so they may be brought in again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ref byte* at, ref ulong bits, ref int left)
    {
        bits |= Unsafe.ReadUnaligned<ulong>(at) << left;
        at += (63 - left) >> 3;
        left |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Follow(uint* table, uint link, int linkBits, ref ulong bits, ref int left)
    {
        bits >>= linkBits;
        left -= linkBits;
        uint mask = (1u << (int)((link >> InflateEntry.CodeShift) & InflateEntry.CodeMask)) - 1;
        return table[((link & ~InflateEntry.Literal) >> InflateEntry.ValueShift) + ((uint)bits & mask)];
    }

    // The least length or distance, and what the extra bits behind the code add to it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Value(uint entry, ulong bits) =>
        (int)(entry >> InflateEntry.ValueShift)
        + (int)((bits & ((1UL << (int)(entry & 63)) - 1)) >> (int)((entry >> InflateEntry.CodeShift) & InflateEntry.CodeMask));

    // May write up to 31 bytes too many, and what comes next writes over them: most matches are done without asking how long they are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* output, int distance, int length)
    {
        byte* source = output - distance;
        byte* stop = output + length;
        if (distance >= Vector128<byte>.Count)
        {
            Vector128.Load(source).Store(output);
            Vector128.Load(source + Vector128<byte>.Count).Store(output + Vector128<byte>.Count);
            for (int done = 2 * Vector128<byte>.Count; done < length; done += Vector128<byte>.Count)
            {
                Vector128.Load(source + done).Store(output + done);
            }
        }
        else if (distance == 1)
        {
            new Span<byte>(output, length).Fill(*source);
        }
        else
        {
            // Overlaps itself: each byte may be one that was just written.
            do
            {
                *output++ = *source++;
            }
            while (output < stop);
        }
    }
}
