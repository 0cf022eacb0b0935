namespace IotOps.Defender.Portable;

/// <summary>How much memory is taken, as the garbage collector learns it from the system.</summary>
internal static class PortableMemory
{
    /// <summary>0-100; null before the first garbage collection of the process, when nothing is known yet.</summary>
    public static double? Usage()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return memory is { TotalAvailableMemoryBytes: > 0, MemoryLoadBytes: > 0 }
            ? Math.Round(Math.Clamp(100.0 * memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes, 0, 100), 2)
            : null;
    }
}
