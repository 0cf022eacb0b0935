using System.Buffers.Binary;
using System.Numerics;

namespace IotOps.Shared;

/// <summary>CRC-32C (Castagnoli), by the processor where it has it; without the final inversion, which a format may add.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }

    /// <summary>Appends the eight bytes of a number, little endian.</summary>
    public static uint Append(uint crc, long value) => BitOperations.Crc32C(crc, (ulong)value);
}
