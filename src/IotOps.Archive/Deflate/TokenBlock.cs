using System.Runtime.CompilerServices;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>A piece of a block as literals and matches, and how often each symbol occurs in it.</summary>
/// <remarks>A token is a literal, or <see cref="Match"/> with the length from bit 16 on and the distance less one below.</remarks>
internal sealed unsafe class TokenBlock
{
    /// <summary>Plain bytes that are gathered before a code is made for them; the last match may go beyond.</summary>
    public const int PieceBytes = 128 << 10;

    public const uint Match = 0x80000000;

    private const int MaxTokens = PieceBytes + DeflateSymbols.MaxMatch;

    // One more for the match that ends a run of literals where there is none.
    private readonly PinnedTable<uint> _tokens = new(MaxTokens + 1);
    private readonly PinnedTable<uint> _literals = new(DeflateSymbols.Literals);
    private readonly PinnedTable<uint> _distances = new(DeflateSymbols.Distances);
    private readonly PinnedTable<byte> _ofLength = new(DeflateSymbols.MaxMatch + 1);
    private readonly PinnedTable<byte> _ofDistance = new(512);

    public TokenBlock()
    {
        MatchSymbols.OfLength.CopyTo(_ofLength.Span);
        MatchSymbols.OfDistance.CopyTo(_ofDistance.Span);
    }

    /// <summary>The tokens; there is room for those of <see cref="PieceBytes"/> and one match, and one more.</summary>
    public uint* Tokens => _tokens.Pointer;

    /// <summary>How many there are.</summary>
    public int Count { get; set; }

    /// <summary>How often each literal and length symbol occurs.</summary>
    public Span<uint> Literals => _literals.Span;

    /// <summary>How often each distance symbol occurs.</summary>
    public Span<uint> Distances => _distances.Span;

    /// <summary>The symbol of a distance less one.</summary>
    public byte* OfDistance => _ofDistance.Pointer;

    /// <summary>What a loop that fills this block needs.</summary>
    public Cursor Begin()
    {
        Literals.Clear();
        Distances.Clear();
        Literals[DeflateSymbols.EndOfBlock] = 1;
        return new Cursor
        {
            Next = Tokens,
            Literals = _literals.Pointer,
            Distances = _distances.Pointer,
            OfLength = _ofLength.Pointer,
            OfDistance = _ofDistance.Pointer,
        };
    }

    /// <summary>Takes what a loop has filled in.</summary>
    public void End(in Cursor cursor)
    {
        Count = (int)(cursor.Next - Tokens);
        Tokens[Count] = Match;
    }

    /// <summary>Where the next token goes. Plain pointers, so that a loop keeps them in registers.</summary>
    public ref struct Cursor
    {
        public uint* Next;
        public uint* Literals;
        public uint* Distances;
        public byte* OfLength;
        public byte* OfDistance;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddLiteral(byte value)
        {
            *Next++ = value;
            Literals[value]++;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddMatch(int length, int distance)
        {
            uint less = (uint)distance - 1;
            *Next++ = Match | ((uint)length << 16) | less;
            Literals[DeflateSymbols.FirstLength + OfLength[length]]++;
            Distances[OfDistance[less < 256 ? less : 256 + (less >> 7)]]++;
        }
    }
}
