using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IotOps.Shared;

/// <summary><see cref="FoldingCrc32"/> with lanes of 512 bits, where the processor multiplies those.</summary>
internal static class WideFoldingCrc32
{
    /// <summary>Less than this the lanes are not filled.</summary>
    public const int MinBytes = 4 * Lane;

    private const int Lane = 64;

    private static readonly Vector512<ulong> By2048 = Distance(2048);
    private static readonly Vector512<ulong> By512 = Distance(512);

    /// <summary>Whether this processor can.</summary>
    public static bool IsSupported => Pclmulqdq.V512.IsSupported;

    /// <inheritdoc cref="Crc32.Append"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        Vector512<ulong> distance = By2048;
        Vector512<ulong> lane0 = Load(data, 0) ^ Vector512.CreateScalar((ulong)~crc);
        Vector512<ulong> lane1 = Load(data, 1);
        Vector512<ulong> lane2 = Load(data, 2);
        Vector512<ulong> lane3 = Load(data, 3);
        for (data = data[MinBytes..]; data.Length >= MinBytes; data = data[MinBytes..])
        {
            lane0 = Fold(lane0, distance, Load(data, 0));
            lane1 = Fold(lane1, distance, Load(data, 1));
            lane2 = Fold(lane2, distance, Load(data, 2));
            lane3 = Fold(lane3, distance, Load(data, 3));
        }

        Vector512<ulong> lane = Fold(Fold(Fold(lane0, By512, lane1), By512, lane2), By512, lane3);
        for (; data.Length >= Lane; data = data[Lane..])
        {
            lane = Fold(lane, By512, Load(data, 0));
        }

        return FoldingCrc32.Finish(
            lane.GetLower().GetLower(), lane.GetLower().GetUpper(), lane.GetUpper().GetLower(), lane.GetUpper().GetUpper(), data);
    }

    private static Vector512<ulong> Distance(int bits)
    {
        Vector256<ulong> two = Vector256.Create(FoldingCrc32.Distance(bits), FoldingCrc32.Distance(bits));
        return Vector512.Create(two, two);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> lane, Vector512<ulong> distance, Vector512<ulong> next) =>
        Pclmulqdq.V512.CarrylessMultiply(lane, distance, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(lane, distance, 0x11) ^ next;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ReadOnlySpan<byte> data, int lane) =>
        MemoryMarshal.Read<Vector512<ulong>>(data.Slice(lane * Lane, Lane));
}
