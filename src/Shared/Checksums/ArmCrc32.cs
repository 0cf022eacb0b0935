using System.Buffers.Binary;
using Instructions = System.Runtime.Intrinsics.Arm.Crc32;

namespace IotOps.Shared;

/// <summary>CRC-32 by Arm's own instructions, eight bytes at a time.</summary>
internal static class ArmCrc32
{
    /// <inheritdoc cref="Crc32.Append"/>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        uint register = ~crc;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            register = Instructions.Arm64.ComputeCrc32(register, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            register = Instructions.ComputeCrc32(register, value);
        }

        return ~register;
    }
}
