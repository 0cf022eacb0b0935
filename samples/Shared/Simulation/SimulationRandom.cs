namespace IotOps.Samples.Simulation;

/// <summary>
/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c): 8 bytes a device, and the same numbers in every version of .NET, which System.Random
/// promises for no seed of its own kind.
/// </summary>
internal sealed class SimulationRandom(ulong state)
{
    private ulong _state = state;

    /// <summary>A stream of numbers of its own for each place.</summary>
    public static SimulationRandom For(int seed, int place) => new(new SimulationRandom(((ulong)(uint)seed << 32) | (uint)place).Next());

    public ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double from, double to) => from + ((to - from) * Share());

    public TimeSpan Seconds(double from, double to) => TimeSpan.FromMilliseconds(Math.Round(1_000 * Between(from, to)));

    public int Below(int end) => (int)(Share() * end);

    /// <summary>How long until something happens that happens so often on average.</summary>
    public TimeSpan UntilNext(double perHour) => TimeSpan.FromMilliseconds(Math.Round(-Math.Log(1 - Share()) / perHour * 3_600_000));

    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }
}
