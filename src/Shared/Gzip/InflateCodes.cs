
namespace IotOps.Shared;

/// <summary>The two codes that a block is written in.</summary>
internal sealed unsafe class InflateCodes
{
    public const int LiteralBits = 11;
    public const int DistanceBits = 9;

    /// <summary>A block's header has fewer bytes.</summary>
    public const int LongestHeader = 1_024;

    private const int HeaderBits = 7;

    private readonly InflateTable _header = new(HeaderBits, InflateEntry.OfLengths, mayBeIncomplete: false);
    private readonly InflateTable _literals = new(LiteralBits, InflateEntry.OfLiterals, mayBeIncomplete: true);
    private readonly InflateTable _distances = new(DistanceBits, InflateEntry.OfDistances, mayBeIncomplete: true);
    private readonly byte[] _lengths = new byte[320];
    private int _literalCount;

    public uint* Literals => _literals.Entries;

    public uint* Distances => _distances.Entries;

    /// <summary>The codes of blocks without a header. RFC 1951, section 3.2.6.</summary>
    public static InflateCodes Fixed()
    {
        var codes = new InflateCodes();
        for (int symbol = 0; symbol < 288; symbol++)
        {
            codes._lengths[symbol] = DeflateSymbols.FixedLiteralLength(symbol);
        }

        codes._lengths.AsSpan(288).Fill(5);
        codes.Build(288, 32);
        return codes;
    }

    /// <summary>Reads a block's header. RFC 1951, section 3.2.7.</summary>
    /// <exception cref="InvalidDataException">It makes no codes.</exception>
    public void Read(ref BitCursor cursor)
    {
        int literals = (int)cursor.Take(5) + DeflateSymbols.FirstLength;
        int distances = (int)cursor.Take(5) + 1;
        int lengths = (int)cursor.Take(4) + 4;
        if (literals > DeflateSymbols.Literals || distances > DeflateSymbols.Distances)
        {
            throw new InvalidDataException("Its deflate data holds a block with more symbols than there are.");
        }

        Span<byte> order = stackalloc byte[19];
        order.Clear();
        foreach (byte symbol in DeflateSymbols.HeaderOrder[..lengths])
        {
            order[symbol] = (byte)cursor.Take(3);
        }

        _header.Build(order);
        int count = literals + distances;
        for (int i = 0; i < count;)
        {
            uint entry = _header.Entries[cursor.Peek() & ((1 << HeaderBits) - 1)];
            cursor.Take((int)(entry & 0xFF));
            int symbol = (int)(entry >> InflateEntry.ValueShift);
            if (symbol < 16)
            {
                _lengths[i++] = (byte)symbol;
                continue;
            }

            (int repeat, byte value) = symbol switch
            {
                16 when i > 0 => (3 + (int)cursor.Take(2), _lengths[i - 1]),
                17 => (3 + (int)cursor.Take(3), (byte)0),
                18 => (11 + (int)cursor.Take(7), (byte)0),
                _ => (count, (byte)0),
            };
            if (repeat > count - i)
            {
                throw new InvalidDataException("Its deflate data holds a block header that repeats beyond its end.");
            }

            _lengths.AsSpan(i, repeat).Fill(value);
            i += repeat;
        }

        Build(literals, distances);
    }

    /// <summary>The code that ends a block, first bit lowest.</summary>
    public (uint Code, int Bits) EndOfBlock()
    {
        int bits = _lengths[DeflateSymbols.EndOfBlock];
        return (InflateTable.CodeOf(_lengths.AsSpan(0, _literalCount), DeflateSymbols.EndOfBlock), bits);
    }

    private void Build(int literals, int distances)
    {
        if (_lengths[DeflateSymbols.EndOfBlock] == 0)
        {
            throw new InvalidDataException("Its deflate data holds a block without an end.");
        }

        _literalCount = literals;
        _literals.Build(_lengths.AsSpan(0, literals));
        _distances.Build(_lengths.AsSpan(literals, distances));
    }
}
