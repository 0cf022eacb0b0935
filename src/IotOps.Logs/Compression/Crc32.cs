using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IotOps.Logs.Compression;

/// <summary>The checksum of gzip: CRC-32, reflected, polynomial 0xEDB88320. Sixteen bytes a step where the processor multiplies without carry, else eight by tables.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    /// <summary>Continues a checksum; that of nothing is 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        if (Pclmulqdq.IsSupported && data.Length >= 4 * Vector128<byte>.Count)
        {
            crc = Fold(crc, ref data);
        }

        return ~ByTables(crc, data);
    }

    /// <summary>The same without the processor's help: tests hold the two against each other.</summary>
    internal static uint AppendByTables(uint crc, ReadOnlySpan<byte> data) => ~ByTables(~crc, data);

    // Intel, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ": 128 bits are moved on by 128 bits with x^192 and x^128 mod P.
    // What is left of it at the end is a message of 16 bytes with the same checksum as all that went in.
    private static uint Fold(uint crc, ref ReadOnlySpan<byte> data)
    {
        Vector128<long> factors = Vector128.Create(0x01751997d0, 0x00ccaa009e);
        Vector128<long> state = Vector128.Create(data).AsInt64() ^ Vector128.Create(crc, 0, 0, 0).AsInt64();
        data = data[Vector128<byte>.Count..];
        while (data.Length >= Vector128<byte>.Count)
        {
            state = Pclmulqdq.CarrylessMultiply(state, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(state, factors, 0x11)
                ^ Vector128.Create(data).AsInt64();
            data = data[Vector128<byte>.Count..];
        }

        Span<byte> rest = stackalloc byte[Vector128<byte>.Count];
        state.AsByte().CopyTo(rest);
        return ByTables(0, rest);
    }

    private static uint ByTables(uint crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> t = Tables;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
        {
            uint low = (uint)word ^ crc;
            uint high = (uint)(word >> 32);
            crc = t[(7 * 256) + (int)(low & 0xFF)] ^ t[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ t[(5 * 256) + (int)((low >> 16) & 0xFF)] ^ t[(4 * 256) + (int)(low >> 24)]
                ^ t[(3 * 256) + (int)(high & 0xFF)] ^ t[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ t[256 + (int)((high >> 16) & 0xFF)] ^ t[(int)(high >> 24)];
        }

        foreach (byte b in data[(words.Length * sizeof(ulong))..])
        {
            crc = t[(int)((crc ^ b) & 0xFF)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
            }

            tables[i] = value;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[tables[i - 256] & 0xFF] ^ (tables[i - 256] >> 8);
        }

        return tables;
    }
}
