namespace IotOps.Defender;

/// <summary>
/// Custom metrics that a <see cref="MetricsCollector"/> knows how to measure. All are of type <c>number</c>, in percent with two decimals; each
/// must be created under its name in AWS IoT Device Defender before the service takes it.
/// </summary>
public static class BuiltInMetrics
{
    /// <summary>
    /// <c>cpu_usage</c>: how busy all processors were since the sample before, 0-100. The first sample has none. Linux only, from
    /// <c>/proc/stat</c>; waiting for a disk is idle.
    /// </summary>
    public const string CpuUsage = "cpu_usage";

    /// <summary><c>memory_usage</c>: memory that could not be had by a new program without swapping, 0-100 of all.</summary>
    public const string MemoryUsage = "memory_usage";

    /// <summary><c>disk_usage</c>: of what users may fill of the file system at <see cref="MetricsCollectorOptions.DiskPath"/>, how much is filled, 0-100, as <c>df</c> counts.</summary>
    public const string DiskUsage = "disk_usage";

    /// <summary>The names above.</summary>
    public static IReadOnlyList<string> Names { get; } = [CpuUsage, MemoryUsage, DiskUsage];
}
