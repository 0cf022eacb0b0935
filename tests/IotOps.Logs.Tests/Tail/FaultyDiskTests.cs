using System.IO.Abstractions;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Tail;

public sealed class FaultyDiskTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FaultyFileSystem _disk = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_write_beyond_the_free_bytes_is_torn_and_throws()
    {
        _disk.FreeBytes = 5;
        using (Stream stream = _disk.FileStream.New(_directory["file"], FileMode.Create, FileAccess.Write, FileShare.Read, 1))
        {
            stream.Write("abc"u8);
            Should.Throw<IOException>(() => stream.Write("defg"u8));
        }

        File.ReadAllText(_directory["file"]).ShouldBe("abcde");
    }

    [Fact]
    public async Task Async_writes_meet_the_same_disk()
    {
        _disk.FreeBytes = 2;
        await using Stream stream = _disk.FileStream.New(_directory["file"], FileMode.Create);
        await Should.ThrowAsync<IOException>(async () => await stream.WriteAsync("abc"u8.ToArray()));
    }

    [Fact]
    public void A_refused_rename_leaves_both_names_as_they_were()
    {
        _disk.File.WriteAllText(_directory["from"], "1");
        _disk.FailRenames = true;
        Should.Throw<IOException>(() => _disk.File.Move(_directory["from"], _directory["to"], overwrite: true));
        File.Exists(_directory["from"]).ShouldBeTrue();
        File.Exists(_directory["to"]).ShouldBeFalse();
    }

    [Fact]
    public void A_refused_flush_to_disk_throws()
    {
        _disk.FailFlushes = true;
        using FileSystemStream stream = _disk.FileStream.New(_directory["file"], FileMode.Create);
        Should.Throw<IOException>(() => stream.Flush(flushToDisk: true));
        _disk.FailFlushes = false;
    }

    [Fact]
    public void Faults_spare_the_paths_they_are_not_for()
    {
        _disk.FreeBytes = 0;
        _disk.Affects = static path => path.EndsWith("bad", StringComparison.Ordinal);
        using Stream good = _disk.FileStream.New(_directory["good"], FileMode.Create);
        good.Write("abc"u8);
        using Stream bad = _disk.FileStream.New(_directory["bad"], FileMode.Create);
        Should.Throw<IOException>(() => bad.Write("abc"u8));
    }
}
