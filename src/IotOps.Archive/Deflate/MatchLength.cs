using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IotOps.Archive.Deflate;

/// <summary>How far two places agree.</summary>
internal static unsafe class MatchLength
{
    /// <summary>Bytes from <paramref name="here"/> on, up to <paramref name="end"/>, that are the same as those from <paramref name="there"/> on.</summary>
    /// <param name="here">The later place.</param>
    /// <param name="there">The earlier place, so that reading there stays inside too.</param>
    /// <param name="end">Nothing at or behind it is read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(byte* here, byte* there, byte* end)
    {
        byte* start = here;
        while (Vector256.IsHardwareAccelerated && end - here >= Vector256<byte>.Count)
        {
            uint same = Vector256.Equals(Vector256.Load(here), Vector256.Load(there)).ExtractMostSignificantBits();
            if (same != uint.MaxValue)
            {
                return (int)(here - start) + BitOperations.TrailingZeroCount(~same);
            }

            here += Vector256<byte>.Count;
            there += Vector256<byte>.Count;
        }

        while (end - here >= sizeof(ulong))
        {
            ulong difference = Unsafe.ReadUnaligned<ulong>(here) ^ Unsafe.ReadUnaligned<ulong>(there);
            if (difference != 0)
            {
                return (int)(here - start) + (BitOperations.TrailingZeroCount(difference) >> 3);
            }

            here += sizeof(ulong);
            there += sizeof(ulong);
        }

        while (here < end && *here == *there)
        {
            here++;
            there++;
        }

        return (int)(here - start);
    }
}
