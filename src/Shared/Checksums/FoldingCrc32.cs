using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IotOps.Shared;

/// <summary>
/// CRC-32 by carry-less multiplication: four lanes of 128 bits are folded forward over the data, then into one, and what is left goes
/// through the tables. After "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Gopal and others, Intel, 2009).
/// </summary>
internal static class FoldingCrc32
{
    /// <summary>Less than this the lanes are not filled.</summary>
    public const int MinBytes = 4 * Lane;

    private const int Lane = 16;

    private static readonly Vector128<ulong> By512 = Distance(512);
    private static readonly Vector128<ulong> By128 = Distance(128);

    /// <summary>The constants that move a lane of 128 bits forward by this many bits.</summary>
    public static Vector128<ulong> Distance(int bits) => Vector128.Create(Crc32.FoldingConstant(bits + 32), Crc32.FoldingConstant(bits - 32));

    /// <inheritdoc cref="Crc32.Append"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        Vector128<ulong> distance = By512;
        Vector128<ulong> lane0 = Load(data, 0) ^ Vector128.CreateScalar((ulong)~crc);
        Vector128<ulong> lane1 = Load(data, 1);
        Vector128<ulong> lane2 = Load(data, 2);
        Vector128<ulong> lane3 = Load(data, 3);
        for (data = data[MinBytes..]; data.Length >= MinBytes; data = data[MinBytes..])
        {
            lane0 = Fold(lane0, distance, Load(data, 0));
            lane1 = Fold(lane1, distance, Load(data, 1));
            lane2 = Fold(lane2, distance, Load(data, 2));
            lane3 = Fold(lane3, distance, Load(data, 3));
        }

        return Finish(lane0, lane1, lane2, lane3, data);
    }

    /// <summary>Four lanes that lie behind one another, and the data behind them, to a CRC.</summary>
    public static uint Finish(
        Vector128<ulong> lane0, Vector128<ulong> lane1, Vector128<ulong> lane2, Vector128<ulong> lane3, ReadOnlySpan<byte> rest)
    {
        Vector128<ulong> lane = Fold(Fold(Fold(lane0, By128, lane1), By128, lane2), By128, lane3);
        for (; rest.Length >= Lane; rest = rest[Lane..])
        {
            lane = Fold(lane, By128, Load(rest, 0));
        }

        Span<byte> last = stackalloc byte[Lane];
        lane.AsByte().CopyTo(last);
        return ~SlicingCrc32.Continue(SlicingCrc32.Continue(0, last), rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> lane, Vector128<ulong> distance, Vector128<ulong> next) =>
        Pclmulqdq.CarrylessMultiply(lane, distance, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, distance, 0x11) ^ next;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> data, int lane) =>
        MemoryMarshal.Read<Vector128<ulong>>(data.Slice(lane * Lane, Lane));
}
