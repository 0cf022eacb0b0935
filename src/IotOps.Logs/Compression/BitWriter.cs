using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IotOps.Logs.Compression;

/// <summary>Writes bits, lowest first, into an array. Bits that fill no byte wait for the next array.</summary>
internal struct BitWriter
{
    private byte[] _output;
    private ulong _waiting;
    private int _count;

    /// <summary>Whole bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bits that fill no byte yet, lowest first.</summary>
    public readonly ulong Waiting => _waiting;

    /// <summary>How many they are: at most 7.</summary>
    public readonly int Count => _count;

    /// <summary>Goes on in an array, from its start.</summary>
    public void Begin(byte[] output)
    {
        _output = output;
        Length = 0;
    }

    /// <summary>Goes on where somebody else has written into the same array.</summary>
    public void Resume(int length, ulong waiting, int count)
    {
        Length = length;
        _waiting = waiting;
        _count = count;
    }

    /// <summary>Writes up to 57 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(ulong bits, int count)
    {
        _waiting |= bits << _count;
        _count += count;

        // Eight bytes are stored, and as many kept as are whole.
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_output), Length), _waiting);
        Length += _count >> 3;
        _waiting >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Align() => Put(0, (8 - _count) & 7);
}
