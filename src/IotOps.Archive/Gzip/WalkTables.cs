using IotOps.Archive.Deflate;

namespace IotOps.Archive.Gzip;

/// <summary>What the next bits of a block are, by table: several literals at once, or a match behind them.</summary>
internal sealed unsafe class WalkTables
{
    public const int LiteralBits = 12;
    public const int DistanceBits = 10;

    /// <summary>Set in an entry that ends the block, is longer than the table, or is no code: <see cref="Literals"/> and <see cref="Distances"/> tell.</summary>
    public const uint Slow = 1u << 30;

    // An entry: bits consumed, from 8 literals, from 16 the length of the match behind them or none, from 25 its extra bits.
    private const int CountShift = 8;
    private const int LengthShift = 16;
    private const int ExtraShift = 25;

    private readonly PinnedTable<uint> _one = new(1 << LiteralBits);
    private readonly byte[] _values = new byte[1 << LiteralBits];
    private readonly PinnedTable<uint> _packed = new(1 << LiteralBits);
    private readonly PinnedTable<uint> _distances = new(1 << DistanceBits);

    /// <summary>By the next bits, all literals that are whole in them, and the match behind.</summary>
    public uint* Packed => _packed.Pointer;

    /// <summary>By the next bits, the distance: bits of its code, from 8 its extra bits, from 16 its symbol.</summary>
    public uint* DistanceTable => _distances.Pointer;

    /// <summary>Literals and lengths, one at a time.</summary>
    public CanonicalCode Literals { get; } = new(288);

    /// <summary>Distances, one at a time.</summary>
    public CanonicalCode Distances { get; } = new(32);

    public static int Consumed(uint entry) => (int)(entry & 0xFF);

    public static int LiteralCount(uint entry) => (int)((entry >> CountShift) & 0xFF);

    public static bool IsLiterals(uint entry) => entry >> LengthShift == 0;

    public static int Length(uint entry) => (int)((entry >> LengthShift) & 0x1FF);

    public static int ExtraBits(uint entry) => (int)((entry >> ExtraShift) & 0xF);

    public void Build(ReadOnlySpan<byte> literals, ReadOnlySpan<byte> distances)
    {
        if (literals[DeflateSymbols.EndOfBlock] == 0)
        {
            throw new InvalidDataException("Its deflate data holds a block without an end.");
        }

        Literals.Assign(literals, mayBeIncomplete: true);
        Distances.Assign(distances, mayBeIncomplete: true);
        Fill(_one.Span, LiteralBits, literals, OfLiteral, _values);
        Fill(_distances.Span, DistanceBits, distances, OfDistance, values: null);
        Pack();
    }

    /// <summary>The next symbol alone: a literal, the end of the block, or <see cref="DeflateSymbols.FirstLength"/> and more for a match.</summary>
    public int ReadSymbol(ulong bits, out int count)
    {
        int index = (int)(bits & ((1 << LiteralBits) - 1));
        uint entry = _one.Span[index];
        if (LiteralCount(entry) == 0)
        {
            return Literals.Read(bits, out count);
        }

        count = Consumed(entry);
        return _values[index];
    }

    private static uint OfLiteral(int symbol, int length)
    {
        if (symbol < DeflateSymbols.EndOfBlock)
        {
            return (uint)length | (1u << CountShift);
        }

        int index = symbol - DeflateSymbols.FirstLength;
        return index < 0 || index >= DeflateSymbols.LengthBase.Length
            ? Slow
            : (uint)length | ((uint)DeflateSymbols.LengthBase[index] << LengthShift) | ((uint)DeflateSymbols.LengthExtraBits[index] << ExtraShift);
    }

    private static uint OfDistance(int symbol, int length) =>
        symbol >= DeflateSymbols.Distances ? Slow : (uint)length | ((uint)DeflateSymbols.DistanceExtraBits[symbol] << 8) | ((uint)symbol << 16);

    // Codes come bit-reversed in the stream: an entry for every way that the bits behind the code can be.
    private static void Fill(Span<uint> table, int bits, ReadOnlySpan<byte> lengths, Func<int, int, uint> entry, byte[]? values)
    {
        HuffmanCode code = HuffmanCode.OfLengths(lengths);
        table.Fill(Slow);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length > 0 && length <= bits)
            {
                uint value = entry(symbol, length);
                for (int index = code.Codes[symbol]; index < table.Length; index += 1 << length)
                {
                    table[index] = value;
                    if (values is not null)
                    {
                        values[index] = (byte)symbol;
                    }
                }
            }
        }
    }

    private void Pack()
    {
        ReadOnlySpan<uint> one = _one.Span;
        Span<uint> packed = _packed.Span;
        for (int index = 0; index < packed.Length; index++)
        {
            uint entry = one[index];
            int consumed = Consumed(entry);
            uint literals = 1;
            if (LiteralCount(entry) == 0)
            {
                packed[index] = entry;
                continue;
            }

            while (true)
            {
                uint next = one[index >> consumed];
                int more = Consumed(next);
                if ((next & Slow) != 0 || consumed + more > LiteralBits)
                {
                    packed[index] = (uint)consumed | (literals << CountShift);
                    break;
                }

                consumed += more;
                if (LiteralCount(next) == 0)
                {
                    packed[index] = (next & ~0xFFFFu) | (literals << CountShift) | (uint)consumed;
                    break;
                }

                literals++;
            }
        }
    }
}
