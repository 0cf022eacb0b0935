using System.IO.Abstractions;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Tests.Lanes;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static IotOps.Logs.Tests.Lanes.LaneHarness;

namespace IotOps.Logs.Tests.Tail;

/// <summary>Streams of <see cref="IFileSystem"/> wrap the real file: a flush or a handle that misses it would go unnoticed.</summary>
public sealed class DurabilityTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FaultyFileSystem _disk = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_checkpoint_is_flushed_to_the_disk_before_it_replaces_the_one_before()
    {
        var file = new CheckpointFile(_directory.Path, _disk, NullLogger.Instance);
        file.Write("first"u8);
        _disk.Flushes.ShouldBe(1);
        _disk.FailFlushes = true;

        Should.Throw<IOException>(() => file.Write("second"u8));

        File.ReadAllText(_directory["checkpoint"]).ShouldBe("first");
    }

    [Fact]
    public async Task Spilled_events_are_flushed_to_the_disk_before_the_checkpoint_passes_them()
    {
        await using var lanes = new LaneHarness(_ => Error(503, "ServiceUnavailable"), fileSystem: _disk);
        lanes.Append("one");
        await lanes.RoundAsync();
        _disk.FailFlushes = true;
        lanes.Lanes[new("g", "1")].SourceIsVanishing(1);

        await lanes.RoundAsync();

        lanes.Checkpoint[1].ShouldBe(0);
        _disk.Flushes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void An_open_file_is_identified_by_its_handle_after_its_name_is_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a file is identified by its path.");
        File.WriteAllText(_directory["a.log"], "line\n");
        var probe = new FileProbe(_disk);
        FileStat before = probe.Stat(_directory["a.log"]);
        using Stream open = _disk.FileStream.New(_directory["a.log"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(_directory["a.log"]);

        probe.Stat(open, _directory["a.log"]).Identity.ShouldBe(before.Identity);
        before.Identity.ShouldNotBe(default);
    }
}
