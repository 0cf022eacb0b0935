using IotOps.Defender.Readings;

namespace IotOps.Defender.Deltas;

/// <summary>What an interface carried between two readings of its counters.</summary>
internal static class CounterSteps
{
    // No interface carries a petabyte between two readings: such a counter is another one than before.
    private const ulong MaxStep = 1_000_000_000_000_000;

    // On 32-bit ARM, in old kernels and in some drivers counters have 32 bits. At 115 Mbit/s they go round every five minutes.
    private const ulong Round = 1UL << 32;

    // A packet has at least an Ethernet header, and at most what the kernel puts together before it counts.
    private const ulong LeastPacket = 14;
    private const ulong LargestPacket = 65_536;

    /// <summary>The four steps; null when the counters are not comparable: reset, or another device's.</summary>
    public static NetworkStats? Between(in InterfaceCounters before, in InterfaceCounters now)
    {
        var bytesIn = new Step(before.BytesIn, now.BytesIn);
        var packetsIn = new Step(before.PacketsIn, now.PacketsIn);
        var bytesOut = new Step(before.BytesOut, now.BytesOut);
        var packetsOut = new Step(before.PacketsOut, now.PacketsOut);
        bool hasWrapped = bytesIn.IsBack || packetsIn.IsBack || bytesOut.IsBack || packetsOut.IsBack;
        if (hasWrapped && !MayHaveWrapped(bytesIn, packetsIn, bytesOut, packetsOut))
        {
            return null;
        }

        return bytesIn.Size <= MaxStep && packetsIn.Size <= MaxStep && bytesOut.Size <= MaxStep && packetsOut.Size <= MaxStep
            ? new NetworkStats((long)bytesIn.Size, (long)bytesOut.Size, (long)packetsIn.Size, (long)packetsOut.Size)
            : null;
    }

    // A reset sends all four back, and a counter that held more than 32 bits cannot have gone round.
    private static bool MayHaveWrapped(in Step bytesIn, in Step packetsIn, in Step bytesOut, in Step packetsOut) =>
        !(bytesIn.IsBack && packetsIn.IsBack && bytesOut.IsBack && packetsOut.IsBack)
        && bytesIn.Fits && packetsIn.Fits && bytesOut.Fits && packetsOut.Fits
        && IsLikely(bytesIn, packetsIn) && IsLikely(bytesOut, packetsOut);

    // Less than half a round, or as much as the other counter of the same direction says.
    private static bool IsLikely(in Step bytes, in Step packets) =>
        ((!bytes.IsBack || bytes.Size < Round / 2) && (!packets.IsBack || packets.Size < Round / 2))
        || (bytes.Size >= packets.Size * LeastPacket && bytes.Size <= packets.Size * LargestPacket);

    private readonly struct Step(ulong before, ulong now)
    {
        public bool IsBack { get; } = now < before;

        /// <summary>Whether both values fit into 32 bits.</summary>
        public bool Fits { get; } = before < Round && now < Round;

        /// <summary>How far it went, round the end of 32 bits when it is back.</summary>
        public ulong Size { get; } = now < before ? now + Round - before : now - before;
    }
}
