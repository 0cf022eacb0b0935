using System.Runtime.CompilerServices;
using IotOps.Archive.Deflate;

namespace IotOps.Archive.Gzip;

/// <summary>
/// Walks a deflate stream's codes without making its output: finds where it ends, how long its output is, and proves that it can be inflated.
/// Used again and again, by one thread at a time.
/// </summary>
internal sealed unsafe class DeflateWalk
{
    /// <summary>Bytes behind the data that are read, whatever they are, and never counted.</summary>
    public const int Padding = 16;

    private static readonly byte[] FixedLiterals = [.. Enumerable.Range(0, 288).Select(DeflateSymbols.FixedLiteralLength)];
    private static readonly byte[] FixedDistances = [.. Enumerable.Repeat((byte)5, 32)];

    private readonly WalkTables _own = new();
    private readonly MatchHistory _history = new();
    private readonly CanonicalCode _header = new(19);
    private readonly byte[] _lengths = new byte[320];
    private WalkTables? _fixed;
    private long _bit;
    private long _endBit;
    private long _length;

    /// <summary>Walks to the end of the last block.</summary>
    /// <param name="buffer">Holds the stream.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">Where the data ends, trailer included; the buffer has <see cref="Padding"/> bytes more.</param>
    /// <exception cref="InvalidDataException">It cannot be inflated.</exception>
    public WalkedStream Walk(byte[] buffer, int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, buffer.Length - Padding);
        _bit = 8L * start;
        _endBit = 8L * end;
        _length = 0;
        _history.Clear();
        fixed (byte* data = buffer)
        {
            while (true)
            {
                long header = _bit;
                _history.AddBlock(header, _length);
                uint bits = (uint)Take(data, 3);
                switch (bits >> 1)
                {
                    case 0:
                        WalkStored(data);
                        break;
                    case 1:
                        WalkCodes(data, FixedTables());
                        break;
                    case 2:
                        WalkCodes(data, ReadHeader(data));
                        break;
                    default:
                        throw new InvalidDataException("Its deflate data holds a block of an unknown type.");
                }

                if ((bits & 1) != 0)
                {
                    long behind = _bit;
                    int last = _length > 0 ? ByteAt(data, _length - 1) : WalkedStream.Unknown;

                    // The tables that the loops go through by pointer are this object's.
                    GC.KeepAlive(this);
                    return new WalkedStream(header, behind, _length, last);
                }
            }
        }
    }

    private static InvalidDataException Torn() => new("Its deflate data ends in the middle.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Peek(byte* data, long bit) => Unsafe.ReadUnaligned<ulong>(data + (bit >> 3)) >> (int)(bit & 7);

    private ulong Take(byte* data, int count)
    {
        if (_bit + count > _endBit)
        {
            throw Torn();
        }

        ulong value = Peek(data, _bit) & ((1UL << count) - 1);
        _bit += count;
        return value;
    }

    private void WalkStored(byte* data)
    {
        int length = StoredLength(data);
        _bit += 8L * length;
        if (_bit > _endBit)
        {
            throw Torn();
        }

        _length += length;
    }

    private int StoredLength(byte* data)
    {
        _bit = (_bit + 7) & ~7L;
        uint lengths = (uint)Take(data, 32);
        int length = (ushort)lengths;
        return length == (ushort)~(lengths >> 16)
            ? length
            : throw new InvalidDataException("Its deflate data holds a stored block whose length does not match its complement.");
    }

    private WalkTables FixedTables()
    {
        if (_fixed is null)
        {
            _fixed = new WalkTables();
            _fixed.Build(FixedLiterals, FixedDistances);
        }

        return _fixed;
    }

    private WalkTables ReadHeader(byte* data)
    {
        int literals = (int)Take(data, 5) + DeflateSymbols.FirstLength;
        int distances = (int)Take(data, 5) + 1;
        int lengths = (int)Take(data, 4) + 4;
        if (literals > DeflateSymbols.Literals || distances > DeflateSymbols.Distances)
        {
            throw new InvalidDataException("Its deflate data holds a block with more symbols than there are.");
        }

        Span<byte> order = stackalloc byte[19];
        order.Clear();
        foreach (byte symbol in DeflateSymbols.HeaderOrder[..lengths])
        {
            order[symbol] = (byte)Take(data, 3);
        }

        _header.Assign(order, mayBeIncomplete: false);
        int count = literals + distances;
        for (int i = 0; i < count;)
        {
            int symbol = _header.Read(Peek(data, _bit), out int bits);
            Take(data, bits);
            if (symbol < 16)
            {
                _lengths[i++] = (byte)symbol;
                continue;
            }

            (int repeat, byte value) = symbol switch
            {
                16 when i > 0 => (3 + (int)Take(data, 2), _lengths[i - 1]),
                17 => (3 + (int)Take(data, 3), (byte)0),
                18 => (11 + (int)Take(data, 7), (byte)0),
                _ => (count, (byte)0),
            };
            if (repeat > count - i)
            {
                throw new InvalidDataException("Its deflate data holds a block header that repeats beyond its end.");
            }

            _lengths.AsSpan(i, repeat).Fill(value);
            i += repeat;
        }

        _own.Build(_lengths.AsSpan(0, literals), _lengths.AsSpan(literals, distances));
        return _own;
    }

    // A step of the loop sees 57 bits at least: three runs of literals, or one and a match (12 + 12 + 5 + 15 + 13), or what the tables leave out
    // (15 + 5 + 15 + 13). It may go eight bytes beyond the end, which are there, before that is noticed.
    private void WalkCodes(byte* data, WalkTables tables)
    {
        uint* packed = tables.Packed;
        uint* distances = tables.DistanceTable;
        const uint LiteralMask = (1 << WalkTables.LiteralBits) - 1;
        const uint DistanceMask = (1 << WalkTables.DistanceBits) - 1;
        byte* at = data + (_bit >> 3);
        byte* end = data + (_endBit >> 3);
        int passed = (int)(_bit & 7);
        long length = _length;
        ulong* matches = _history.Matches;
        long matchCount = _history.Count;
        while (true)
        {
            if (at > end)
            {
                throw Torn();
            }

            ulong bits = Unsafe.ReadUnaligned<ulong>(at) >> passed;
            uint entry = packed[bits & LiteralMask];
            if (WalkTables.IsLiterals(entry))
            {
                int consumed = WalkTables.Consumed(entry);
                length += WalkTables.LiteralCount(entry);
                passed += consumed;
                bits >>= consumed;
                entry = packed[bits & LiteralMask];
                if (WalkTables.IsLiterals(entry))
                {
                    consumed = WalkTables.Consumed(entry);
                    length += WalkTables.LiteralCount(entry);
                    passed += consumed;
                    bits >>= consumed;
                    entry = packed[bits & LiteralMask];
                    if (WalkTables.IsLiterals(entry))
                    {
                        length += WalkTables.LiteralCount(entry);
                        passed += WalkTables.Consumed(entry);
                    }

                    at += passed >> 3;
                    passed &= 7;
                    continue;
                }

                if ((entry & WalkTables.Slow) != 0)
                {
                    at += passed >> 3;
                    passed &= 7;
                    continue;
                }
            }

            int symbol;
            int count;
            if ((entry & WalkTables.Slow) == 0)
            {
                int consumed = WalkTables.Consumed(entry);
                int extra = WalkTables.ExtraBits(entry);
                bits >>= consumed;
                length += WalkTables.LiteralCount(entry);
                int matched = WalkTables.Length(entry) + (int)(bits & ((1UL << extra) - 1));
                bits >>= extra;
                passed += consumed + extra;
                uint distance = distances[bits & DistanceMask];
                if ((distance & WalkTables.Slow) == 0)
                {
                    count = (int)(distance & 0xFF);
                    symbol = (int)(distance >> 16);
                }
                else
                {
                    symbol = tables.Distances.Read(bits, out count);
                }

                passed += Distance(symbol, count, bits, length, out int back);
                matches[matchCount++ & MatchHistory.Mask] = MatchHistory.Match(length, back, matched);
                length += matched;
            }
            else
            {
                symbol = tables.Literals.Read(bits, out count);
                passed += count;
                if (symbol == DeflateSymbols.EndOfBlock)
                {
                    break;
                }

                if (symbol < DeflateSymbols.EndOfBlock)
                {
                    length++;
                }
                else
                {
                    symbol -= DeflateSymbols.FirstLength;
                    if (symbol >= DeflateSymbols.LengthBase.Length)
                    {
                        throw new InvalidDataException("Its deflate data holds a length that there is not.");
                    }

                    bits >>= count;
                    int extra = DeflateSymbols.LengthExtraBits[symbol];
                    int matched = DeflateSymbols.LengthBase[symbol] + (int)(bits & ((1UL << extra) - 1));
                    bits >>= extra;
                    passed += extra;
                    symbol = tables.Distances.Read(bits, out count);
                    passed += Distance(symbol, count, bits, length, out int back);
                    matches[matchCount++ & MatchHistory.Mask] = MatchHistory.Match(length, back, matched);
                    length += matched;
                }
            }

            at += passed >> 3;
            passed &= 7;
        }

        _bit = ((at - data) << 3) + passed;
        if (_bit > _endBit)
        {
            throw Torn();
        }

        _length = length;
        _history.Count = matchCount;
    }

    // Bits of a distance. One that points before the stream's first byte would silently take a neighbour's bytes in a joined entry.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Distance(int symbol, int count, ulong bits, long length, out int distance)
    {
        if (symbol >= DeflateSymbols.Distances)
        {
            throw new InvalidDataException("Its deflate data holds a distance that there is not.");
        }

        int extra = DeflateSymbols.DistanceExtraBits[symbol];
        distance = DeflateSymbols.DistanceBase[symbol] + (int)((bits >> count) & ((1UL << extra) - 1));
        if (distance > length)
        {
            throw new InvalidDataException("Its deflate data refers to bytes before its first.");
        }

        return count + extra;
    }

    // A byte of the output: the literal it is a copy of is read once more, from the beginning of its block on.
    private int ByteAt(byte* data, long place)
    {
        long source = _history.Source(place);
        if (source < 0)
        {
            return WalkedStream.Unknown;
        }

        (long headerBit, long at) = _history.BlockOf(source);
        _bit = headerBit;
        uint type = (uint)Take(data, 3) >> 1;
        if (type == 0)
        {
            StoredLength(data);
            return data[(_bit >> 3) + (source - at)];
        }

        WalkTables tables = type == 1 ? FixedTables() : ReadHeader(data);
        while (true)
        {
            ulong bits = Peek(data, _bit);
            int symbol = tables.ReadSymbol(bits, out int count);
            bits >>= count;
            _bit += count;
            if (symbol < DeflateSymbols.EndOfBlock)
            {
                if (at++ == source)
                {
                    return symbol;
                }

                continue;
            }

            symbol -= DeflateSymbols.FirstLength;
            int extra = DeflateSymbols.LengthExtraBits[symbol];
            at += DeflateSymbols.LengthBase[symbol] + (int)(bits & ((1UL << extra) - 1));
            bits >>= extra;
            int distance = tables.Distances.Read(bits, out count);
            _bit += extra + count + DeflateSymbols.DistanceExtraBits[distance];
        }
    }
}
