namespace IotOps.Defender.Tests.Collector;

public sealed class CollectorOptionsTests
{
    public static TheoryData<MetricsCollectorOptions, string> Wrong => new()
    {
        { new() { ProcfsRoot = "" }, "ProcfsRoot" },
        { new() { SysfsRoot = " " }, "SysfsRoot" },
        { new() { ProcessId = 0 }, "ProcessId is 0" },
        { new() { IncludeInterfaces = null! }, "IncludeInterfaces" },
        { new() { DiskPath = " " }, "DiskPath" },
        { new() { StateFile = "" }, "StateFile" },
        { new() { BuiltIn = ["cpu"] }, "cpu_usage, memory_usage, disk_usage" },
        { new() { BuiltIn = ["cpu_usage", "cpu_usage"] }, "already" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_option_out_of_range_is_told_with_what_it_may_be(MetricsCollectorOptions options, string told) =>
        Should.Throw<ArgumentException>(() => new MetricsCollector(options)).Message.ShouldContain(told);

    [Fact]
    public void The_root_is_that_of_the_environment()
    {
        string? before = Environment.GetEnvironmentVariable("PROCFS_PATH");
        try
        {
            Environment.SetEnvironmentVariable("PROCFS_PATH", "/host/proc");
            new MetricsCollectorOptions().ProcfsRoot.ShouldBe("/host/proc");
            Environment.SetEnvironmentVariable("PROCFS_PATH", "");
            new MetricsCollectorOptions().ProcfsRoot.ShouldBe("/proc");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PROCFS_PATH", before);
        }
    }
}
