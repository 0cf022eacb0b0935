using IotOps.TestKit;

namespace IotOps.Shared.Tests;

/// <summary>State is its owner's alone, whatever the umask is and whoever made the file first.</summary>
[Collection(UnixModes.Collection)]
public sealed class PrivateFilesTests : IDisposable
{
    private static readonly JournalFormat Format = new("TESTJRN1", 1000);

    private readonly TempDirectory _directory = new();
    private readonly FaultyFileSystem _disk = new();

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    public void Directories_files_locks_and_journals_are_made_for_their_owner_alone(string umask)
    {
        using var modes = new UnixModes(umask);
        string state = _directory["a/b/state"];
        using var held = new DirectoryLock(_disk, state, "log shipper");
        DurableFile.Write(_disk, Path.Combine(state, "one"), "1"u8, keepAs: Path.Combine(state, "one.old"));
        DurableFile.Write(_disk, Path.Combine(state, "one"), "2"u8, keepAs: Path.Combine(state, "one.old"));
        using (var unfinished = new DurableFile(_disk, Path.Combine(state, "two")))
        {
            unfinished.Flush();
        }

        using AppendJournal journal = AppendJournal.Open(_disk, Path.Combine(state, "journal"), Format, static _ => { }, out _);
        journal.Add("x"u8);
        journal.Commit(flush: false);
        journal.Compact([]);
        PrivateFiles.CreateDirectory(_disk, Path.Combine(state, "sub/dir"));
        UnixModes.OpenToOthers(_directory["a"]).ShouldBeEmpty();
        held.OpenMode.ShouldBeNull();
    }

    [Theory]
    [InlineData("755")]
    [InlineData("770")]
    [InlineData("1777")]
    public void A_directory_that_others_may_use_is_left_as_it_is_and_said(string mode)
    {
        string state = Directory.CreateDirectory(_directory["state"]).FullName;
        UnixModes.Set(state, mode);
        using var held = new DirectoryLock(_disk, state, "log shipper");
        held.OpenMode.ShouldBe(mode);
        UnixModes.Get(state).ShouldBe(mode);
    }

    [Fact]
    public void A_file_that_others_may_read_is_closed_to_them_when_it_is_written()
    {
        foreach (string name in (string[])["state.next", "journal", "lock"])
        {
            File.WriteAllText(_directory[name], "");
            UnixModes.Set(_directory[name], "664");
        }

        DurableFile.Write(_disk, _directory["state"], "1"u8);
        AppendJournal.Create(_disk, _directory["journal"], Format, 1).Dispose();
        new DirectoryLock(_disk, _directory.Path, "log shipper").Dispose();
        Directory.GetFiles(_directory.Path).ShouldAllBe(static path => UnixModes.Get(path) == "600");
    }

    [Fact]
    public void What_is_there_already_can_be_closed_and_a_missing_file_is_nothing()
    {
        File.WriteAllText(_directory["state"], "");
        UnixModes.Set(_directory["state"], "644");
        PrivateFiles.Close(_disk, _directory["state"]);
        UnixModes.Get(_directory["state"]).ShouldBe("600");
        Should.NotThrow(() => PrivateFiles.Close(_disk, _directory["missing"]));
    }

    [Fact]
    public void A_link_is_not_followed_to_close_what_it_points_to()
    {
        File.WriteAllText(_directory["other"], "");
        UnixModes.Set(_directory["other"], "644");
        File.CreateSymbolicLink(_directory["state"], _directory["other"]);
        PrivateFiles.Close(_disk, _directory["state"]);
        UnixModes.Get(_directory["other"]).ShouldBe("644");
    }

    public void Dispose() => _directory.Dispose();
}
