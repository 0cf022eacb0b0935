using System.Runtime.CompilerServices;

namespace IotOps.Archive.Deflate;

/// <summary>
/// Writes bits, lowest first. Each call stores eight bytes and keeps as many as are whole, so eight bytes of room are needed behind the last.
/// Fast loops take the fields into locals and bring them back.
/// </summary>
internal unsafe struct BitSink(byte* at)
{
    /// <summary>Most bytes of a stored block.</summary>
    public const int MaxStored = 65_535;

    /// <summary>Where the next byte goes.</summary>
    public byte* At = at;

    /// <summary>Bits that fill no byte yet.</summary>
    public ulong Waiting;

    /// <summary>How many those are: at most 7.</summary>
    public int Count;

    /// <summary>Writes up to 57 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(ulong bits, int count)
    {
        Waiting |= bits << Count;
        Count += count;
        Unsafe.WriteUnaligned(At, Waiting);
        At += Count >> 3;
        Waiting >>= Count & 0x38;
        Count &= 7;
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Align() => Put(0, (8 - Count) & 7);

    /// <summary>Bytes as they are, in stored blocks; with none an empty block, which is a sync flush.</summary>
    public void PutStored(ReadOnlySpan<byte> bytes)
    {
        do
        {
            int length = Math.Min(bytes.Length, MaxStored);
            Put(0, 3);
            Align();
            Put((uint)length | ((ulong)(ushort)~length << 16), 32);
            bytes[..length].CopyTo(new Span<byte>(At, length));
            At += length;
            bytes = bytes[length..];
        }
        while (!bytes.IsEmpty);
    }
}
