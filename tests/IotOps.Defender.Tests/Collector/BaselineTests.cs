using IotOps.TestKit;

namespace IotOps.Defender.Tests.Collector;

public sealed class BaselineTests : IDisposable
{
    private readonly FakeProc _proc = new();
    private readonly TempDirectory _directory = new(inMemory: true);
    private readonly FaultyFileSystem _disk = new();
    private readonly CollectorLog _log = new();
    private readonly MetricsCollectorOptions _options;

    public BaselineTests() => _options = _proc.Options with { StateFile = _directory["deep/defender.state"], FileSystem = _disk, LoggerFactory = _log };

    private string State => _options.StateFile!;

    public void Dispose()
    {
        _proc.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void After_a_restart_the_first_sample_has_what_went_by_since_the_last_accepted_report()
    {
        Accepted();
        _proc.Devices(("eth0", 1100, 11, 2000, 20));
        new MetricsCollector(_options).Collect(new DefenderReportBuilder());
        _proc.Devices(("eth0", 1500, 13, 2070, 21));

        Restarted().ShouldBe(new NetworkStats(500, 70, 3, 1));
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void The_file_is_this()
    {
        Accepted();
        File.ReadAllText(State).ShouldBe(
            $$"""{"version":1,"boot":"2526c687-28c9-4235-aa61-d75e2a827716","scope":"{{_proc.Root}}/self/net ","interfaces":[["eth0",1000,10,2000,20]]}""" + "\n" + File.ReadAllText(State)[^9..]);
        _disk.Flushes.ShouldBe(1);
        Directory.GetFiles(Path.GetDirectoryName(State)!).ShouldBe([State]);
    }

    [Fact]
    public void After_a_reboot_there_is_nothing_to_compare_with()
    {
        Accepted();
        _proc.WriteRoot("sys/kernel/random/boot_id", "11111111-28c9-4235-aa61-d75e2a827716\n");
        Restarted().ShouldBeNull();
    }

    [Fact]
    public void Another_namespaces_counters_are_not_compared()
    {
        Accepted();
        using var other = new FakeProc("1");
        Report(_options with { ProcfsRoot = other.Root, ProcessId = 1 }).ShouldBeNull();

        File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Path.Combine(_proc.Root, "self", "ns")).FullName, "net"), "net:[4026532177]");
        Restarted().ShouldBeNull();
        Accepted();
        Restarted().ShouldNotBeNull();
    }

    [Fact]
    public void A_file_cut_anywhere_is_no_baseline_and_no_error()
    {
        Accepted();
        byte[] whole = File.ReadAllBytes(State);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(State, whole[..length]);
            Restarted().ShouldBeNull($"{length} bytes");
        }

        _log.Lines.Count.ShouldBe(whole.Length);
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_no_baseline_and_no_error()
    {
        Accepted();
        byte[] whole = File.ReadAllBytes(State);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x02;
            File.WriteAllBytes(State, damaged);
            Restarted().ShouldBeNull($"byte {at}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("[main]\nkey=value\n")]
    [InlineData("{}\n00000000\n")]
    public void A_foreign_file_is_no_baseline_and_no_error(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(State)!);
        File.WriteAllText(State, content);
        Restarted().ShouldBeNull();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("cannot be used");
    }

    [Fact]
    public void A_huge_file_is_not_read()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(State)!);
        using (FileStream file = File.Create(State))
        {
            file.SetLength(1L << 40);
        }

        Restarted().ShouldBeNull();
    }

    [Fact]
    public void Without_a_boot_id_nothing_is_kept_and_nothing_trusted()
    {
        Accepted();
        File.Delete(Path.Combine(_proc.Root, "sys/kernel/random/boot_id"));
        Restarted().ShouldBeNull();
        Accepted();
        File.Exists(State).ShouldBeFalse();
    }

    [Theory]
    [InlineData("full")]
    [InlineData("flush")]
    [InlineData("rename")]
    public void A_disk_that_refuses_leaves_no_old_counters_to_count_twice(string fault)
    {
        var collector = new MetricsCollector(_options);
        collector.Accept(collector.Collect(new DefenderReportBuilder()));
        (_disk.FreeBytes, _disk.FailFlushes, _disk.FailRenames) = (fault == "full" ? 20 : long.MaxValue, fault == "flush", fault == "rename");
        _proc.Devices(("eth0", 1500, 13, 2070, 21));
        collector.Accept(collector.Collect(new DefenderReportBuilder()));
        collector.Accept(collector.Collect(new DefenderReportBuilder()));

        // In memory it goes on; a restart begins anew rather than reporting the 500 bytes again.
        _log.Lines.ShouldHaveSingleItem().ShouldContain("refuses");
        collector.Collect().NetworkStats.ShouldBe(new NetworkStats(0, 0, 0, 0));
        Restarted().ShouldBeNull();

        (_disk.FreeBytes, _disk.FailFlushes, _disk.FailRenames) = (long.MaxValue, false, false);
        collector.Accept(collector.Collect(new DefenderReportBuilder()));
        _log.Lines[^1].ShouldContain("kept in");
        Restarted().ShouldBe(new NetworkStats(0, 0, 0, 0));
    }

    [Fact]
    public void A_sample_without_counters_keeps_what_is_kept()
    {
        Accepted();
        _proc.Remove("dev");
        Accepted();
        _proc.Devices(("eth0", 1500, 13, 2070, 21));
        Restarted().ShouldBe(new NetworkStats(500, 70, 3, 1));
    }

    private static NetworkStats? Report(MetricsCollectorOptions options) => new MetricsCollector(options).Collect().NetworkStats;

    private NetworkStats? Restarted() => Report(_options);

    private void Accepted()
    {
        var collector = new MetricsCollector(_options);
        collector.Accept(collector.Collect(new DefenderReportBuilder()));
    }
}
