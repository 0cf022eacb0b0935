using System.Buffers.Binary;
using System.Text;

namespace IotOps.Detect.Evaluating;

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
internal struct StateReader(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    public readonly bool IsAtEnd => _at == bytes.Length;

    public byte Byte() => Take(1)[0];

    /// <exception cref="InvalidDataException">The bytes end, or are none of ours.</exception>
    public ulong Unsigned()
    {
        ReadOnlySpan<byte> span = bytes.Span;
        ulong value = 0;
        for (int shift = 0; shift < 64 && _at < span.Length; shift += 7)
        {
            byte one = span[_at++];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    /// <summary>How many of something follow, each of at least a byte.</summary>
    public int Count()
    {
        ulong count = Unsigned();
        return count <= (ulong)(bytes.Length - _at) ? (int)count : throw Damaged();
    }

    public int Small() => Unsigned() is <= int.MaxValue and var value ? (int)value : throw Damaged();

    public long Signed()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong Key() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Number() => BitConverter.UInt64BitsToDouble(Key());

    public ReadOnlyMemory<byte> Bytes()
    {
        int length = Count();
        _at += length;
        return bytes.Slice(_at - length, length);
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if (bytes.Length - _at < length)
        {
            throw Damaged();
        }

        _at += length;
        return bytes.Span.Slice(_at - length, length);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    private static InvalidDataException Damaged() => new("The thing's state is damaged: it ends early, or has a number out of range.");
}
