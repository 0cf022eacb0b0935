using System.Runtime.CompilerServices;

namespace IotOps.Shared;

/// <summary>Reads a few bits at a time, lowest first. Behind the end lie eight bytes that may be looked at, and never taken.</summary>
internal unsafe struct BitCursor(byte* data, long bit, long endBit)
{
    /// <summary>The next bit.</summary>
    public long Bit { get; private set; } = bit;

    /// <summary>57 bits at least.</summary>
    public readonly ulong Peek() => Unsafe.ReadUnaligned<ulong>(data + (Bit >> 3)) >> (int)(Bit & 7);

    /// <summary>Up to 32 bits.</summary>
    /// <exception cref="InvalidDataException">There are not as many.</exception>
    public ulong Take(int count)
    {
        if (Bit + count > endBit)
        {
            throw Inflater.Torn();
        }

        ulong value = Peek() & ((1UL << count) - 1);
        Bit += count;
        return value;
    }

    /// <summary>Goes to the next byte's beginning.</summary>
    public void Align() => Bit = (Bit + 7) & ~7L;
}
