namespace IotOps.Defender.Tests.Collector;

public sealed class BuiltInMetricTests : IDisposable
{
    private readonly FakeProc _proc = new();
    private readonly CollectorLog _log = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Cpu_usage_is_what_was_busy_since_the_sample_before()
    {
        Stat("100 0 100 800 0 0 0 0 50 0");
        MetricsCollector collector = Collector(BuiltInMetrics.CpuUsage);
        Read(collector).ShouldBeNull();
        _log.Lines.ShouldBeEmpty();

        // 30 user, 10 system, 5 each of nice, irq, softirq and steal; 30 idle and 10 waiting for a disk. Guest time is part of user.
        Stat("130 5 110 830 10 5 5 5 80 0");
        Read(collector).ShouldBe(60);
        Stat("130 5 110 930 10 5 5 5 80 0");
        Read(collector).ShouldBe(0);
        Stat("133 5 110 932 10 5 5 5 80 0");
        Read(collector).ShouldBe(60);
        Stat("134 5 110 934 10 5 5 5 80 0");
        Read(collector).ShouldBe(33.33);
    }

    [Fact]
    public void Cpu_usage_stays_within_bounds_when_the_kernels_idle_time_goes_back()
    {
        Stat("100 0 100 800 10 0 0 0 0 0");
        MetricsCollector collector = Collector(BuiltInMetrics.CpuUsage);
        Read(collector);
        Stat("105 0 100 800 8 0 0 0 0 0");
        Read(collector).ShouldBe(100);
        Read(collector).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu0 1 2 3 4 5 6 7 8\n")]
    [InlineData("cpu  1 2 3 4 5 6 7\n")]
    [InlineData("cpu  1 2 3 x 5 6 7 8\n")]
    public void A_malformed_stat_leaves_cpu_usage_out(string content)
    {
        _proc.WriteRoot("stat", content);
        Read(Collector(BuiltInMetrics.CpuUsage)).ShouldBeNull();
    }

    [Fact]
    public void Memory_usage_is_what_is_not_available()
    {
        _proc.WriteRoot("meminfo", "MemTotal:        4000000 kB\nMemFree:          100000 kB\nMemAvailable:    1000000 kB\nBuffers: 1 kB\n");
        Read(Collector(BuiltInMetrics.MemoryUsage)).ShouldBe(75);
    }

    [Theory]
    [InlineData("MemTotal: 4000000 kB\nMemFree: 100000 kB\n")]
    [InlineData("MemTotal: kB\nMemAvailable: 100000 kB\n")]
    [InlineData("MemTotal: 0 kB\nMemAvailable: 0 kB\n")]
    public void Without_its_two_numbers_memory_usage_is_left_out(string content)
    {
        _proc.WriteRoot("meminfo", content);
        Read(Collector(BuiltInMetrics.MemoryUsage)).ShouldBeNull();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("memory_usage");
    }

    [Fact]
    public void Disk_usage_is_that_of_the_path()
    {
        double? value = Read(new MetricsCollector(_proc.Options with { BuiltIn = [BuiltInMetrics.DiskUsage], DiskPath = Path.GetTempPath() }));
        var drive = new DriveInfo(Path.GetTempPath());
        double used = drive.TotalSize - drive.TotalFreeSpace;
        value!.Value.ShouldBe(100 * used / (used + drive.AvailableFreeSpace), tolerance: 5);
    }

    [Fact]
    public void A_path_that_is_not_there_has_no_disk_usage()
    {
        Read(new MetricsCollector(_proc.Options with { BuiltIn = [BuiltInMetrics.DiskUsage], DiskPath = "/no/such/path", LoggerFactory = _log })).ShouldBeNull();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("disk_usage");
    }

    [Fact]
    public void The_real_machine_has_all_three()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Linux has them.");
        }

        var collector = new MetricsCollector(new MetricsCollectorOptions { ProcfsRoot = "/proc", BuiltIn = BuiltInMetrics.Names });
        collector.Collect();
        for (int i = 0; i < 1000; i++)
        {
            // Until the kernel's clock of 10 ms has ticked.
            IReadOnlyDictionary<string, CustomMetricValue> metrics = collector.Collect().CustomMetrics;
            if (metrics.Count == 3)
            {
                metrics.Values.ShouldAllBe(static value => value.Numbers[0] >= 0 && value.Numbers[0] <= 100);
                return;
            }
        }

        Assert.Fail("cpu_usage never came.");
    }

    private MetricsCollector Collector(string metric) => new(_proc.Options with { BuiltIn = [metric], LoggerFactory = _log });

    private static double? Read(MetricsCollector collector)
    {
        CustomMetricValue? value = collector.Collect().CustomMetrics.Values.SingleOrDefault();
        return value?.Numbers[0];
    }

    private void Stat(string ticks) => _proc.WriteRoot("stat", $"cpu  {ticks}\ncpu0 {ticks}\nintr 12345\n");
}
