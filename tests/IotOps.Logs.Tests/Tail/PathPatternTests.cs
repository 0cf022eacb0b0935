using IotOps.Logs.Files;
using IotOps.Logs.Tail;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs.Tests.Tail;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("/var/log/syslog", "/var/log/syslog", true)]
    [InlineData("/var/log/sys*log", "/var/log/syslog", true)]
    [InlineData("/var/log/sys*log", "/var/log/sys/log", false)]
    [InlineData("/var/log/*.log", "/var/log/a.log", true)]
    [InlineData("/var/log/*.log", "/var/log/.log", false)]
    [InlineData("/var/log/*.log", "/var/log/.a.log", false)]
    [InlineData("/var/log/.*", "/var/log/.a.log", true)]
    [InlineData("/var/log/*", "/var/logs/a", false)]
    [InlineData("/var/log/a?c", "/var/log/abc", true)]
    [InlineData("/var/log/a?c", "/var/log/ac", false)]
    [InlineData("/var/**/x", "/var/x", true)]
    [InlineData("/var/**/x", "/var/a/b/x", true)]
    [InlineData("/var/**/x", "/var/a/.b/x", false)]
    [InlineData("/var/**", "/var/a/b/x", true)]
    [InlineData("/var/**/a/**/x", "/var/1/a/2/3/x", true)]
    [InlineData("/var/**/a/*/x", "/var/1/a/2/3/x", false)]
    [InlineData("/*/x", "/a/x", true)]
    [InlineData("/a*b*c*d", "/aXXbXXcXXdX", false)]
    [InlineData("/a*b*c*d", "/abbccd", true)]
    [InlineData("/var/log/app-[0-9].log", "/var/log/app-1.log", true)]
    [InlineData("/var/log/app-[0-9].log", "/var/log/app-a.log", false)]
    [InlineData("/var/log/app-[!0-9].log", "/var/log/app-a.log", true)]
    [InlineData("/var/log/{app-1,b}.log", "/var/log/app-1.log", true)]
    [InlineData("/var/log/{app-1,b}.log", "/var/log/b.log", true)]
    [InlineData("/var/log/{app-1,b}.log", "/var/log/c.log", false)]
    [InlineData("/var/{a,b*}/x", "/var/bc/x", true)]
    [InlineData("/var/log/{.a,b}", "/var/log/.a", true)]
    [InlineData("/var/log/{a,b{1,2}}.log", "/var/log/b2.log", true)]
    public void A_pattern_matches_these_paths(string pattern, string path, bool expected) =>
        PathPattern.Parse(pattern).IsMatch(path).ShouldBe(expected);

    [Theory]
    [InlineData("/var/log/*.log", "/var/log")]
    [InlineData("/var/log/syslog", "/var/log")]
    [InlineData("/var/*/log/x", "/var")]
    [InlineData("/*", "/")]
    [InlineData("/var/[l]og/x", "/var")]
    [InlineData("/var/{log,lib}/x", "/var")]
    public void The_root_is_what_stands_before_the_first_wildcard(string pattern, string root) =>
        PathPattern.Parse(pattern).Root.ShouldBe(root);

    [Theory]
    [InlineData("var/log/*.log", "not absolute")]
    [InlineData("/var/log/", "names a directory")]
    [InlineData("/var/{log/a,lib/b}", "within one name")]
    public void A_pattern_that_cannot_be_meant_is_refused(string pattern, string reason) =>
        Should.Throw<ArgumentException>(() => PathPattern.Parse(pattern)).Message.ShouldContain(reason);

    [Fact]
    public void A_pattern_that_matches_no_file_is_told_once()
    {
        using var rig = new TailRig("typo-*.log");
        rig.Poll(30);
        rig.Log.Entries.Count(static e => e.Id.Id == 261).ShouldBe(1);
    }

    [Fact]
    public void A_name_that_is_not_utf_8_is_told_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names are bytes there.");
        using var rig = new TailRig("*.log");
        Shell("echo x > \"$(printf '%s/m\\344rz.log' \"$1\")\"", rig.Logs);
        rig.Lines("ok.log", "1");
        rig.Read(30).ShouldBe(["1"]);
        rig.Log.Entries.Count(static e => e.Id.Id == 262).ShouldBe(1);
        Shell("rm \"$1\"/*", rig.Logs);
    }

    [Fact]
    public void A_long_name_against_many_stars_ends_soon() =>
        PathPattern.IsNameMatch(string.Concat(Enumerable.Repeat("a*", 30)) + "b", new string('a', 5000)).ShouldBeFalse();

    [Fact]
    public void A_walk_finds_files_at_any_depth_and_follows_no_circle()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["a/b"]);
        Directory.CreateDirectory(directory[".hidden"]);
        File.WriteAllText(directory["1.log"], "");
        File.WriteAllText(directory["a/b/2.log"], "");
        File.WriteAllText(directory["a/b/3.txt"], "");
        File.WriteAllText(directory[".hidden/4.log"], "");
        File.CreateSymbolicLink(directory["a/circle"], directory.Path);
        File.CreateSymbolicLink(directory["a/link.log"], directory["1.log"]);
        File.CreateSymbolicLink(directory["a/dangling.log"], directory["nothing"]);

        Found(directory, "**/*.log").ShouldBe(["1.log", "a/b/2.log", "a/link.log"], ignoreOrder: true);
    }

    [Fact]
    public void An_excluded_file_is_not_found()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["1.log"], "");
        File.WriteAllText(directory["2.log"], "");
        Found(directory, "*.log", "2*").ShouldBe(["1.log"]);
    }

    [Fact]
    public void A_directory_that_appears_later_is_noticed()
    {
        using var directory = new TempDirectory();
        DirectoryScan scan = Scan(directory, "later/*.log");
        scan.Update(force: true).ShouldBeTrue();
        scan.Found.ShouldBeEmpty();
        Directory.CreateDirectory(directory["later"]);
        File.WriteAllText(directory["later/1.log"], "");
        scan.Update(force: false).ShouldBeTrue();
        scan.Found.Count.ShouldBe(1);
    }

    // .NET can neither make nor remove a file of such a name.
    private static void Shell(string script, string argument)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", script, "sh", argument]))!;
        shell.WaitForExit();
    }

    private static IEnumerable<string> Found(TempDirectory directory, string pattern, params string[] exclude)
    {
        DirectoryScan scan = Scan(directory, pattern, exclude);
        scan.Update(force: true);
        return scan.Found.Select(found => Path.GetRelativePath(directory.Path, found.Path));
    }

    private static DirectoryScan Scan(TempDirectory directory, string pattern, params string[] exclude)
    {
        var fileSystem = new System.IO.Abstractions.FileSystem();
        var options = new LogFileOptions
        {
            Path = directory[pattern],
            Exclude = [.. exclude.Select(e => directory[e])],
            Group = "g",
            Stream = "s",
        };
        return new DirectoryScan([new FileGroup(options, null, 1000)], fileSystem, new FileProbe(fileSystem), NullLogger.Instance);
    }
}
