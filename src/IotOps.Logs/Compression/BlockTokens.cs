using System.Numerics;
using System.Runtime.CompilerServices;

namespace IotOps.Logs.Compression;

/// <summary>Cuts a block of text into literals and matches, and counts how often each symbol of deflate occurs.</summary>
/// <remarks>
/// One candidate a position, from a table of the last place at which four bytes hashed alike; the first match is taken. Log lines repeat
/// so much that looking further gains a few percent for twice the time.
/// </remarks>
internal sealed unsafe class BlockTokens
{
    /// <summary>How far back a match may lie.</summary>
    public const int Window = 32 * 1024;

    /// <summary>Bytes of one block.</summary>
    public const int MaxBlock = 32 * 1024;

    /// <summary>Set in a token that is a match: its length in bits 20 to 28, the symbol of its distance in 15 to 19, its distance less one below.</summary>
    public const uint Match = 0x8000_0000;

    private const int MinMatch = 4;
    private const int MaxMatch = 258;
    private const int HashBits = 15;
    private const int Nowhere = -2 * Window;

    private readonly int[] _last = new int[1 << HashBits];
    private readonly uint[] _tokens = new uint[MaxBlock];

    /// <summary>Literals, the end of the block, and lengths.</summary>
    public HuffmanCode Literals { get; } = new(DeflateSymbols.LiteralSymbols, DeflateSymbols.LongestCode);

    /// <summary>Distances.</summary>
    public HuffmanCode Distances { get; } = new(DeflateSymbols.DistanceSymbols, DeflateSymbols.LongestCode);

    /// <summary>The tokens of the block.</summary>
    public ReadOnlySpan<uint> Tokens => _tokens.AsSpan(0, Count);

    private int Count { get; set; }

    /// <summary>Forgets everything, before the first block of a stream.</summary>
    public void Reset() => _last.AsSpan().Fill(Nowhere);

    /// <summary>Reads the bytes from <paramref name="start"/> to <paramref name="end"/>; those before may be referred to.</summary>
    /// <param name="buffer">Has at least 8 bytes of room behind <paramref name="end"/>.</param>
    /// <param name="start">Where the block begins.</param>
    /// <param name="end">Where it ends: at most <see cref="MaxBlock"/> further.</param>
    /// <param name="offset">How many bytes of the stream went before the buffer's first.</param>
    public void Read(byte[] buffer, int start, int end, int offset)
    {
        Array.Clear(Literals.Frequencies);
        Array.Clear(Distances.Frequencies);
        Literals.Frequencies[DeflateSymbols.EndOfBlock] = 1;
        fixed (byte* bytes = buffer)
        fixed (int* last = _last)
        fixed (uint* tokens = _tokens)
        fixed (uint* literals = Literals.Frequencies)
        fixed (uint* distances = Distances.Frequencies)
        fixed (ushort* lengthSymbols = DeflateSymbols.OfLength)
        {
            uint* token = tokens;
            byte* at = bytes + start;
            byte* limit = bytes + end;
            while (at <= limit - MinMatch)
            {
                uint four = *(uint*)at;
                int position = (int)(at - bytes) + offset;
                int* slot = last + Hash(four);
                int distance = position - *slot;
                *slot = position;
                if (distance > Window || *(uint*)(at - distance) != four)
                {
                    literals[*at]++;
                    *token++ = *at++;
                    continue;
                }

                int length = MatchLength(at, distance, limit);
                literals[lengthSymbols[length]]++;
                int symbol = DeflateSymbols.OfDistance(distance - 1);
                distances[symbol]++;
                *token++ = Match | ((uint)length << 20) | ((uint)symbol << 15) | (uint)(distance - 1);

                // Two more places of a match are enough to find its like again.
                last[Hash(*(uint*)(at + 1))] = position + 1;
                at += length;
                last[Hash(*(uint*)(at - 1))] = position + length - 1;
            }

            while (at < limit)
            {
                literals[*at]++;
                *token++ = *at++;
            }

            Count = (int)(token - tokens);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint four) => (four * 2654435761u) >> (32 - HashBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MatchLength(byte* at, int distance, byte* limit)
    {
        byte* start = at;
        byte* end = limit - at < MaxMatch ? limit : at + MaxMatch;
        at += MinMatch;
        while (at <= end - sizeof(ulong))
        {
            ulong difference = *(ulong*)at ^ *(ulong*)(at - distance);
            if (difference != 0)
            {
                return (int)(at - start) + (BitOperations.TrailingZeroCount(difference) >> 3);
            }

            at += sizeof(ulong);
        }

        while (at < end && *at == *(at - distance))
        {
            at++;
        }

        return (int)(at - start);
    }
}
