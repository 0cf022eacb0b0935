using System.Buffers.Binary;

namespace IotOps.Shared;

/// <summary>CRC-32 by eight tables at once: for any processor, and for the ends that the wider paths leave.</summary>
internal static class SlicingCrc32
{
    private const int Slices = 8;

    private static readonly uint[] Tables = MakeTables();

    /// <inheritdoc cref="Crc32.Append"/>
    public static uint Append(uint crc, ReadOnlySpan<byte> data) => ~Continue(~crc, data);

    /// <summary>The same on the register itself, which is the complement of the CRC.</summary>
    public static uint Continue(uint register, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> tables = Tables;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            ulong next = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ register;
            register = tables[(7 * 256) + (byte)next]
                ^ tables[(6 * 256) + (byte)(next >> 8)]
                ^ tables[(5 * 256) + (byte)(next >> 16)]
                ^ tables[(4 * 256) + (byte)(next >> 24)]
                ^ tables[(3 * 256) + (byte)(next >> 32)]
                ^ tables[(2 * 256) + (byte)(next >> 40)]
                ^ tables[256 + (byte)(next >> 48)]
                ^ tables[(int)(next >> 56)];
        }

        foreach (byte value in data)
        {
            register = (register >> 8) ^ tables[(byte)(register ^ value)];
        }

        return register;
    }

    // The table of slice n says what a byte does to the register when n more bytes follow it.
    private static uint[] MakeTables()
    {
        uint[] tables = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint register = value;
            for (int bit = 0; bit < 8; bit++)
            {
                register = Crc32.TimesX(register);
            }

            tables[value] = register;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint before = tables[i - 256];
            tables[i] = (before >> 8) ^ tables[(byte)before];
        }

        return tables;
    }
}
