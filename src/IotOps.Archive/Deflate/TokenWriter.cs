using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>Writes a token block in the shortest of the three ways: with codes of its own, with the fixed ones, or as it is.</summary>
internal sealed unsafe class TokenWriter
{
    private static readonly HuffmanCode FixedLiterals = MakeFixedLiterals();
    private static readonly HuffmanCode FixedDistances = HuffmanCode.OfLengths([.. Enumerable.Repeat((byte)5, DeflateSymbols.Distances)]);

    private readonly HuffmanCode _literals = new(DeflateSymbols.Literals, DeflateSymbols.LongestCode);
    private readonly HuffmanCode _distances = new(DeflateSymbols.Distances, DeflateSymbols.LongestCode);
    private readonly BlockHeader _header = new();

    /// <summary>The codes of the last block that was written with codes of its own; of the fixed ones after one that was written with those.</summary>
    public CodeTables Tables { get; } = new();

    /// <summary>Tells what the codes of the last block that was written say about short matches.</summary>
    public void Teach(MatchLimits limits, TokenBlock block) => limits.Learn(block, _literals, _distances);

    /// <summary>Writes a whole deflate block.</summary>
    /// <returns>True when the block is marked as the last: one that is written as it is never is.</returns>
    public bool Write(TokenBlock block, ReadOnlySpan<byte> plain, ref BitSink bits, bool final)
    {
        _literals.Build(block.Literals);
        _distances.Build(block.Distances);
        long own = _header.Prepare(_literals, _distances) + Cost(block, _literals, _distances);
        long withFixed = 3 + Cost(block, FixedLiterals, FixedDistances);
        long asIs = 8L * (plain.Length + (5 * ((plain.Length + BitSink.MaxStored - 1) / BitSink.MaxStored)));
        if (asIs < own && asIs < withFixed)
        {
            bits.PutStored(plain);
            return false;
        }

        if (withFixed <= own)
        {
            bits.Put(final ? 0b011u : 0b010u, 3);
            Tables.Fill(FixedLiterals, FixedDistances);
        }
        else
        {
            _header.Write(ref bits, final);
            Tables.Fill(_literals, _distances);
        }

        WriteTokens(block, ref bits);
        WriteEndOfBlock(ref bits);
        return final;
    }

    /// <summary>Begins a deflate block whose end is left open, with codes that have one for every symbol, so that more than the tokens can follow.</summary>
    public void Begin(TokenBlock block, ref BitSink bits)
    {
        Build(_literals, block.Literals);
        Build(_distances, block.Distances);
        _header.Prepare(_literals, _distances);
        _header.Write(ref bits, final: false);
        Tables.Fill(_literals, _distances);
        WriteTokens(block, ref bits);
    }

    /// <summary>Ends a deflate block in the codes of <see cref="Tables"/>.</summary>
    public void WriteEndOfBlock(ref BitSink bits)
    {
        ulong end = Tables.Literals[DeflateSymbols.EndOfBlock];
        bits.Put(end & CodeTables.BitsMask, (int)(end >> CodeTables.CountShift));
    }

    /// <summary>Ends a deflate stream by an empty last block of the fixed code.</summary>
    public static void WriteEmptyFinal(ref BitSink bits) => bits.Put(0b011, 10);

    // What did not occur yet gets one of the rarest codes; what did outweighs it.
    private static void Build(HuffmanCode code, ReadOnlySpan<uint> frequencies)
    {
        Span<uint> weighted = stackalloc uint[frequencies.Length];
        for (int i = 0; i < weighted.Length; i++)
        {
            weighted[i] = (4 * frequencies[i]) + 1;
        }

        code.Build(weighted);
    }

    private static HuffmanCode MakeFixedLiterals() =>
        HuffmanCode.OfLengths([.. Enumerable.Range(0, 288).Select(DeflateSymbols.FixedLiteralLength)]);

    private static long Cost(TokenBlock block, HuffmanCode literals, HuffmanCode distances)
    {
        long bits = 0;
        ReadOnlySpan<uint> frequencies = block.Literals;
        for (int i = 0; i < frequencies.Length; i++)
        {
            int extra = i < DeflateSymbols.FirstLength ? 0 : DeflateSymbols.LengthExtraBits[i - DeflateSymbols.FirstLength];
            bits += (long)frequencies[i] * (literals.Lengths[i] + extra);
        }

        frequencies = block.Distances;
        for (int i = 0; i < frequencies.Length; i++)
        {
            bits += (long)frequencies[i] * (distances.Lengths[i] + DeflateSymbols.DistanceExtraBits[i]);
        }

        return bits;
    }

    // Seven bits wait at most. Three literals (45) or one match (20 + 28) fit beside them into the 64 that are stored at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteTokens(TokenBlock block, ref BitSink bits)
    {
        ulong* literals = Tables.Literals;
        ulong* lengths = Tables.Lengths;
        ulong* distances = Tables.Distances;
        byte* ofDistance = block.OfDistance;
        uint* next = block.Tokens;
        uint* end = next + block.Count;
        byte* at = bits.At;
        ulong waiting = bits.Waiting;
        int count = bits.Count;
        ref ushort bases = ref Unsafe.AsRef(in DeflateSymbols.DistanceBase[0]);
        ref byte extras = ref Unsafe.AsRef(in DeflateSymbols.DistanceExtraBits[0]);
        while (next < end)
        {
            uint token = *next++;
            if ((int)token >= 0)
            {
                ulong entry = literals[token];
                waiting |= (entry & CodeTables.BitsMask) << count;
                count += (int)(entry >> CodeTables.CountShift);

                // The token behind the last is a match, so this does not run beyond.
                for (int more = 0; more < 2 && (int)*next >= 0; more++)
                {
                    entry = literals[*next++];
                    waiting |= (entry & CodeTables.BitsMask) << count;
                    count += (int)(entry >> CodeTables.CountShift);
                }
            }
            else
            {
                uint less = token & 0x7FFF;
                ulong length = lengths[(token >> 16) & 0x1FF];
                waiting |= (length & CodeTables.BitsMask) << count;
                count += (int)(length >> CodeTables.CountShift);
                int symbol = ofDistance[less < 256 ? less : 256 + (less >> 7)];
                ulong distance = distances[symbol];
                int code = (int)(distance >> CodeTables.CountShift);
                ulong extra = less + 1 - Unsafe.Add(ref bases, symbol);
                waiting |= ((distance & CodeTables.BitsMask) | (extra << code)) << count;
                count += code + Unsafe.Add(ref extras, symbol);
            }

            Unsafe.WriteUnaligned(at, waiting);
            at += count >> 3;
            waiting >>= count & 0x38;
            count &= 7;
        }

        bits.At = at;
        bits.Waiting = waiting;
        bits.Count = count;
    }
}
