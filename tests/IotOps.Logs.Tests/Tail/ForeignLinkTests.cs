using System.IO.Abstractions;
using IotOps.Logs.Files;
using IotOps.Logs.Tail;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Tail;

/// <summary>
/// A user who may make names in a directory that an agent of more rights tails: a link of his reads nothing to the agent that he does not own.
/// </summary>
public sealed class ForeignLinkTests : IDisposable
{
    private const uint Nobody = 65534;

    private readonly TempDirectory _root = new();

    public ForeignLinkTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can make files of other users.");
        UnixModes.Set(_root.Path, "755");
        Make("private/secret.log", 0, "secret 1", "secret 2");
        UnixModes.Set(_root["private"], "700");
        UnixModes.Set(_root["private/secret.log"], "600");
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_to_a_file_of_another_owner_is_not_read_and_told_once(bool hostsFileSystem)
    {
        using TailRig rig = NewRig("*.log", hostsFileSystem);
        UnixModes.Own(rig.Logs, Nobody);
        rig.Lines("own.log", "own");
        Link(rig["x.log"], _root["private/secret.log"], Nobody);

        rig.Read(3).ShouldBe(["own"]);
        rig.Lines("other.log", "other");
        rig.Read(30).ShouldBe(["other"]);

        string text = rig.Log.Entries.Where(static e => e.Id.Id == 266).ShouldHaveSingleItem().Text;
        text.ShouldStartWith(rig["x.log"]);
        text.ShouldContain("secret.log belongs to user 65534, what it leads to to user 0");
        rig.Log.Entries.ShouldNotContain(static e => e.Id.Id == 244);
    }

    [Fact]
    public void A_link_is_read_from_its_beginning_once_it_has_its_targets_owner()
    {
        using TailRig rig = NewRig("*.log");
        UnixModes.Own(rig.Logs, Nobody);
        Link(rig["x.log"], _root["private/secret.log"], Nobody);
        rig.Read(3).ShouldBeEmpty();

        UnixModes.Own(rig["x.log"], 0);

        rig.Read(12).ShouldBe(["secret 1", "secret 2"]);
    }

    [Fact]
    public void A_link_and_a_file_of_one_owner_are_read_in_a_directory_of_anybodys()
    {
        using TailRig rig = NewRig("current.log");
        UnixModes.Set(rig.Logs, "777");
        Make("app/app-1.log", Nobody, "1");
        Link(rig["current.log"], _root["app/app-1.log"], Nobody);

        rig.Read().ShouldBe(["1"]);
    }

    // /var/log/containers/*.log -> /var/log/pods/.../0.log -> /var/lib/docker/containers/.../...-json.log
    [Fact]
    public void A_chain_of_links_in_directories_that_only_root_can_write_to_is_read_whoever_owns_the_file()
    {
        using TailRig rig = NewRig("*.log");
        UnixModes.Set(rig.Logs, "755");
        Make("docker/c1/c1-json.log", Nobody, "from a container");
        Make("pods/p/readme", 0);
        Link(_root["pods/p/0.log"], "../../docker/c1/c1-json.log", 0);
        Link(rig["c1.log"], _root["pods/p/0.log"], 1000);

        rig.Read().ShouldBe(["from a container"]);
    }

    [Fact]
    public void A_foreign_link_behind_a_trusted_one_is_refused()
    {
        using TailRig rig = NewRig("*.log");
        UnixModes.Set(rig.Logs, "755");
        Make("app/readme", Nobody);
        Link(_root["app/x.log"], _root["private/secret.log"], Nobody);
        Link(rig["x.log"], _root["app/x.log"], 0);

        rig.Read(3).ShouldBeEmpty();
        rig.Log.Entries.Where(static e => e.Id.Id == 266).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("app/*/secret.log")]
    [InlineData("app/evil/*.log")]
    [InlineData("app/evil/secret.log")]
    [InlineData("*/evil/*.log")]
    [InlineData("app/**/secret.log")]
    public void A_foreign_link_to_a_directory_is_not_entered(string pattern)
    {
        Make("app/readme", Nobody);
        Link(_root["app/evil"], _root["private"], Nobody);
        using TailRig rig = NewRig(_root[pattern]);

        rig.Read(3).ShouldBeEmpty();
        rig.Log.Entries.Count(static e => e.Id.Id == 266).ShouldBeLessThan(2);
    }

    [Fact]
    public void A_foreign_link_is_no_rotated_copy()
    {
        Make("private/copy.log", 0, "1", "2", "secret");
        using TailRig rig = NewRig("app.log");
        UnixModes.Own(rig.Logs, Nobody);
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        Link(rig["app.log.1"], _root["private/copy.log"], Nobody);

        rig.Truncate("app.log");
        rig.Lines("app.log", "new");

        rig.Read(12).ShouldBe(["new"]);
    }

    [Fact]
    public void A_link_that_takes_a_files_place_before_it_is_opened_is_refused_by_the_handle()
    {
        Make("app/readme", Nobody);
        Link(_root["app/x.log"], _root["private/secret.log"], Nobody);

        Open(_root["app/x.log"], out string? reason).ShouldBeNull();

        reason.ShouldNotBeNull().ShouldContain("belongs to user 65534");
    }

    [Fact]
    public async Task A_FIFO_that_takes_a_files_place_before_it_is_opened_does_not_block()
    {
        UnixModes.MakeFifo(_root["fifo.log"]);
        var opening = Task.Run(() => (Open(_root["fifo.log"], out string? reason), reason), TestContext.Current.CancellationToken);
        try
        {
            (SourceContent? content, string? reason) = await opening.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            content.ShouldBeNull();
            reason.ShouldNotBeNull().ShouldContain("no regular file");
        }
        finally
        {
            // One that blocks goes on once somebody opens the other end.
            using FileStream other = File.Open(_root["fifo.log"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            await opening;
        }
    }

    [Fact]
    public void A_chain_of_links_without_an_end_leads_nowhere()
    {
        using TailRig rig = NewRig("*.log");
        Link(rig["a.log"], "b.log", 0);
        Link(rig["b.log"], "a.log", 0);
        Link(rig["c.log"], string.Concat(Enumerable.Repeat("./../logs/", 300)) + "own.log", 0);
        rig.Lines("own.log", "own");

        rig.Read(3).ShouldBe(["own"]);
    }

    private static SourceContent? Open(string path, out string? reason)
    {
        var fileSystem = new FileSystem();
        using var open = new OpenFiles(8, fileSystem, new FileProbe(fileSystem), TimeProvider.System, new RecordingLogger());
        return open.TryOpen(path, out _, out reason);
    }

    private static TailRig NewRig(string pattern, bool hostsFileSystem = false) =>
        new(pattern, options: o => hostsFileSystem ? o with { FileSystem = new FaultyFileSystem() } : o);

    private void Make(string path, uint owner, params string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root[path])!);
        File.WriteAllLines(_root[path], lines);
        UnixModes.Own(_root[path], owner);
        UnixModes.Own(Path.GetDirectoryName(_root[path])!, owner);
    }

    private static void Link(string path, string target, uint owner)
    {
        File.CreateSymbolicLink(path, target);
        UnixModes.Own(path, owner);
    }
}
