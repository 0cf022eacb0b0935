using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class DurableFileTests : IDisposable
{
    private readonly TempDirectory _directory = new(inMemory: true);
    private readonly FaultyFileSystem _disk = new();

    private string Target => _directory["state"];

    [Fact]
    public void A_file_is_made_and_then_replaced()
    {
        Write("old");
        Content().ShouldBe("old");
        Write("new");
        Content().ShouldBe("new");
        Files().ShouldBe(["state"]);
    }

    [Fact]
    public void The_old_file_can_keep_a_name()
    {
        DurableFile.Write(_disk, Target, "1"u8, keepAs: Target + ".previous");
        DurableFile.Write(_disk, Target, "2"u8, keepAs: Target + ".previous");
        DurableFile.Write(_disk, Target, "3"u8, keepAs: Target + ".previous");
        Content().ShouldBe("3");
        File.ReadAllText(Target + ".previous").ShouldBe("2");
    }

    [Fact]
    public void The_content_is_flushed_to_the_disk_before_the_rename()
    {
        _disk.FailRenames = true;
        Should.Throw<IOException>(() => Write("new"));
        _disk.Flushes.ShouldBe(1);
        _disk.FailRenames = false;
        Write("new");
        (_disk.Flushes, _disk.Renames).ShouldBe((2, 2));
    }

    [Fact]
    public void A_flush_that_fails_leaves_the_old_file_and_nothing_else()
    {
        Write("old");
        _disk.FailFlushes = true;
        Should.Throw<IOException>(() => Write("new"));
        Content().ShouldBe("old");
        Files().ShouldBe(["state"]);
    }

    [Fact]
    public void A_rename_that_fails_leaves_the_old_file_and_the_complete_new_one()
    {
        Write("old");
        _disk.FailRenames = true;
        Should.Throw<IOException>(() => Write("new"));
        Content().ShouldBe("old");
        File.ReadAllText(Target + DurableFile.Suffix).ShouldBe("new");

        _disk.FailRenames = false;
        Write("newer");
        Content().ShouldBe("newer");
        Files().ShouldBe(["state"]);
    }

    [Fact]
    public void Wherever_the_disk_fills_up_the_file_is_the_old_one_or_the_new_one()
    {
        for (int room = 0; room <= 12; room++)
        {
            Write("old");
            _disk.FreeBytes = room;
            Exception? refusal = Record.Exception(() => Write("new content"));
            _disk.FreeBytes = long.MaxValue;
            Content().ShouldBe(refusal is null ? "new content" : "old", $"room {room}");
            (refusal is null).ShouldBe(room >= 11, $"room {room}");
            Files().ShouldBe(["state"]);
        }
    }

    [Fact]
    public void Content_may_come_in_pieces_and_counts_from_the_commit_on()
    {
        Write("old");
        using (var file = new DurableFile(_disk, Target, bufferSize: 4096))
        {
            file.Content.Write("new "u8);
            file.Content.Write("content"u8);
            file.Flush();
            Content().ShouldBe("old");
            file.Commit();
        }

        Content().ShouldBe("new content");
        _disk.Flushes.ShouldBe(2);
    }

    [Fact]
    public void Content_that_is_not_committed_is_removed()
    {
        Write("old");
        using (var file = new DurableFile(_disk, Target))
        {
            file.Content.Write("half"u8);
        }

        Content().ShouldBe("old");
        Files().ShouldBe(["state"]);
    }

    [Fact]
    public void A_relative_path_is_flushed_in_its_directory()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, Target);
        DurableFile.Write(_disk, relative, "new"u8);
        Content().ShouldBe("new");
    }

    [Fact]
    public void A_directory_that_only_a_file_system_in_memory_has_is_not_flushed() => DurableFile.FlushDirectory(_directory["nowhere"]);

    [Fact]
    public void A_directory_that_cannot_be_flushed_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux alone flushes directories.");
#pragma warning disable CA1416 // Skipped above.
        LinuxDirectory.Flush(_directory.Path);
        Should.Throw<IOException>(() => LinuxDirectory.Flush(_directory["nowhere"])).Message.ShouldContain(_directory["nowhere"]);
#pragma warning restore CA1416
    }

    public void Dispose() => _directory.Dispose();

    private void Write(string content) => DurableFile.Write(_disk, Target, System.Text.Encoding.UTF8.GetBytes(content));

    private string Content() => File.ReadAllText(Target);

    private IEnumerable<string> Files() => Directory.GetFiles(_directory.Path).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
