using System.Buffers.Binary;

namespace IotOps.Emulator.Checksums;

/// <summary>A reflected CRC of up to 64 bits, eight bytes a step.</summary>
internal sealed class ReflectedCrc(ReflectedCrc.Tables tables) : Checksum
{
    private readonly ulong _allOnes = tables.Bytes == 8 ? ulong.MaxValue : uint.MaxValue;
    private ulong _state = tables.Bytes == 8 ? ulong.MaxValue : uint.MaxValue;

    public override void Append(ReadOnlySpan<byte> data)
    {
        ulong[][] t = tables.Rows;
        ulong state = _state;
        while (data.Length >= 8)
        {
            ulong x = state ^ BinaryPrimitives.ReadUInt64LittleEndian(data);
            state = t[7][(byte)x] ^ t[6][(byte)(x >> 8)] ^ t[5][(byte)(x >> 16)] ^ t[4][(byte)(x >> 24)]
                ^ t[3][(byte)(x >> 32)] ^ t[2][(byte)(x >> 40)] ^ t[1][(byte)(x >> 48)] ^ t[0][(byte)(x >> 56)];
            data = data[8..];
        }

        foreach (byte b in data)
        {
            state = t[0][(byte)(state ^ b)] ^ (state >> 8);
        }

        _state = state;
    }

    public override byte[] Finish()
    {
        byte[] result = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(result, _state ^ _allOnes);
        return result[(8 - tables.Bytes)..];
    }

    public override void Dispose()
    {
    }

    /// <summary>What every byte does to the state, for eight distances from the end.</summary>
    internal sealed class Tables
    {
        public Tables(ulong polynomial, int bytes)
        {
            Bytes = bytes;
            Rows = new ulong[8][];
            for (int row = 0; row < 8; row++)
            {
                Rows[row] = new ulong[256];
                for (int b = 0; b < 256; b++)
                {
                    ulong state = row == 0 ? (ulong)b : Rows[row - 1][b];
                    for (int bit = 0; bit < 8; bit++)
                    {
                        state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ polynomial;
                    }

                    Rows[row][b] = state;
                }
            }
        }

        public int Bytes { get; }

        public ulong[][] Rows { get; }

        public static Tables Crc32 { get; } = new(0xEDB88320, 4);

        public static Tables Crc32C { get; } = new(0x82F63B78, 4);

        public static Tables Crc64Nvme { get; } = new(0x9A6C9329AC4BC9B5, 8);
    }
}
