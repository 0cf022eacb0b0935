using System.IO.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Defender;

/// <summary>What a <see cref="MetricsCollector"/> looks at.</summary>
public sealed record MetricsCollectorOptions
{
    /// <summary>Where Linux has its process file system: <c>PROCFS_PATH</c> of the environment, else <c>/proc</c>. Not used on other systems.</summary>
    public string ProcfsRoot { get; init; } = Environment.GetEnvironmentVariable("PROCFS_PATH") is { Length: > 0 } root ? root : "/proc";

    /// <summary>
    /// The process whose network namespace is read, by its id in <see cref="ProcfsRoot"/>; null, the default, is this process. In a container
    /// that has the host's <c>/proc</c> mounted, 1 is the host. Not used on other systems than Linux.
    /// </summary>
    /// <remarks>
    /// Which interface has an address is asked of the system for the own namespace only. For another it comes from that namespace's
    /// <c>net/if_inet6</c>, <c>net/fib_trie</c> and <c>net/route</c>: an IPv4 address gets an interface's name where it is the only local one in
    /// a network that one interface is connected to; where that is not certain the report leaves the interface out.
    /// </remarks>
    public int? ProcessId { get; init; }

    /// <summary>
    /// Where Linux has its device file system, which says what interfaces lie on; null, the default, is <c>/sys</c> for <c>/proc</c>, else
    /// <c>sys</c> beside <see cref="ProcfsRoot"/>. It must be that of the namespace that is read. Where it is not there, names and
    /// <see cref="ProcfsRoot"/> decide. Not used on other systems.
    /// </summary>
    public string? SysfsRoot { get; init; }

    /// <summary>
    /// Interfaces whose traffic counts, by name, with <c>*</c> and <c>?</c>; all by default. One whose traffic crosses another that counts, such
    /// as a bond, a VLAN or a tunnel, is left out so that no byte counts twice, unless it is named here in full.
    /// </summary>
    public IReadOnlyList<string> IncludeInterfaces { get; init; } = ["*"];

    /// <summary>
    /// Interfaces whose traffic does not count although included: by default the loopback, and the bridges and container ends whose traffic
    /// crosses another interface as well and would count twice.
    /// </summary>
    public IReadOnlyList<string> ExcludeInterfaces { get; init; } = ["lo", "veth*", "br-*", "docker*", "virbr*"];

    /// <summary>Ready-made custom metrics to report, by their names in <see cref="BuiltInMetrics"/>; none by default.</summary>
    public IReadOnlyList<string> BuiltIn { get; init; } = [];

    /// <summary>A path on the file system that <see cref="BuiltInMetrics.DiskUsage"/> is about; the root, <c>/</c>, by default.</summary>
    public string DiskPath { get; init; } = OperatingSystem.IsWindows() ? @"C:\" : "/";

    /// <summary>
    /// A file that keeps the counters of the last accepted report, so that a restart of the process leaves no gap in <c>network_stats</c>; its
    /// directory is made when missing. Null, the default, keeps them in memory. Used on Linux only, where the boot has an id.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>What files are read and written through; tests put faults in here.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>Clock of <see cref="MetricsSample.Time"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the collector says what it could not read.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
