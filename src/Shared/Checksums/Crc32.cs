using System.Runtime.Intrinsics.X86;

namespace IotOps.Shared;

/// <summary>The CRC-32 of zip and gzip (polynomial 0x04C11DB7, reflected), by the fastest way this processor has.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    // Reflected, so that the highest bit is the coefficient of x to the power of 0.
    private const uint One = 0x80000000;

    /// <summary>The CRC of what went before, <paramref name="crc"/>, continued; that of nothing is 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        if (WideFoldingCrc32.IsSupported && data.Length >= WideFoldingCrc32.MinBytes)
        {
            return WideFoldingCrc32.Append(crc, data);
        }

        if (Pclmulqdq.IsSupported && data.Length >= FoldingCrc32.MinBytes)
        {
            return FoldingCrc32.Append(crc, data);
        }

        return System.Runtime.Intrinsics.Arm.Crc32.Arm64.IsSupported ? ArmCrc32.Append(crc, data) : SlicingCrc32.Append(crc, data);
    }

    /// <summary>The CRC of two pieces, one after the other, of their CRCs alone.</summary>
    /// <param name="first">CRC of the first piece.</param>
    /// <param name="second">CRC of the second.</param>
    /// <param name="secondLength">Bytes of the second.</param>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLength);

        // Each byte behind the first piece multiplies its remainder by x^8: square and multiply.
        uint factor = One;
        uint square = One >> 8;
        for (long bytes = secondLength; bytes > 0; bytes >>= 1)
        {
            if ((bytes & 1) != 0)
            {
                factor = Multiply(factor, square);
            }

            square = Multiply(square, square);
        }

        return Multiply(factor, first) ^ second;
    }

    /// <summary>A remainder times x.</summary>
    public static uint TimesX(uint remainder) => (remainder & 1) != 0 ? (remainder >> 1) ^ Polynomial : remainder >> 1;

    /// <summary>What a folding step multiplies by: the remainder of x to a power, placed so that a carry-less product comes out aligned.</summary>
    public static ulong FoldingConstant(int power)
    {
        uint remainder = One;
        for (int i = 0; i < power; i++)
        {
            remainder = TimesX(remainder);
        }

        return (ulong)remainder << 1;
    }

    private static uint Multiply(uint left, uint right)
    {
        uint product = 0;
        for (uint bit = One; bit != 0; bit >>= 1)
        {
            if ((left & bit) != 0)
            {
                product ^= right;
            }

            right = TimesX(right);
        }

        return product;
    }
}
