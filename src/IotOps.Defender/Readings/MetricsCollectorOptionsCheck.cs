namespace IotOps.Defender.Readings;

/// <summary>Says which option is out of range, and what it may be.</summary>
internal static class MetricsCollectorOptionsCheck
{
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static void Check(MetricsCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options, !string.IsNullOrWhiteSpace(options.ProcfsRoot), "ProcfsRoot is empty; name where the process file system is mounted, such as /proc.");
        Require(options, options.SysfsRoot is null || !string.IsNullOrWhiteSpace(options.SysfsRoot), "SysfsRoot is empty; name where the device file system is mounted, such as /sys, or null for the one beside ProcfsRoot.");
        Require(options, options.ProcessId is null or > 0, $"ProcessId is {options.ProcessId}; it is a process's id, 1 for the host's namespace, or null for this process.");
        Require(options, options.IncludeInterfaces is not null && options.ExcludeInterfaces is not null, "IncludeInterfaces or ExcludeInterfaces is null; [] is none, [\"*\"] is all.");
        Require(options, !string.IsNullOrWhiteSpace(options.DiskPath), "DiskPath is empty; name a path on the file system to measure, such as /.");
        Require(options, options.StateFile is null || !string.IsNullOrWhiteSpace(options.StateFile), "StateFile is empty; name a file that stays over restarts, or null for none.");
        Require(options, options.BuiltIn is not null, "BuiltIn is null; [] is none.");
        foreach (string name in options.BuiltIn!)
        {
            Require(options, BuiltInMetrics.Names.Contains(name, StringComparer.Ordinal), $"BuiltIn names '{name}'; the ready-made metrics are {string.Join(", ", BuiltInMetrics.Names)}. Others go through RegisterMetric.");
        }
    }

    private static void Require(MetricsCollectorOptions options, bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, nameof(options));
        }
    }
}
