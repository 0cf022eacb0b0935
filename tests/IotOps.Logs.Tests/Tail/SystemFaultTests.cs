using System.Globalization;
using System.Runtime.Versioning;
using IotOps.Logs.Files;
using IotOps.Logs.Tail;

namespace IotOps.Logs.Tests.Tail;

/// <summary>What the system refuses or says wrong.</summary>
public sealed class SystemFaultTests
{
    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_refusal_of_notifications_has_the_systems_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is Linux' own.");
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_user_instances"), CultureInfo.InvariantCulture);
        Assert.SkipWhen(limit > 256, "So many would take too many handles of this process.");
        List<LinuxNotifications> taken = [];
        try
        {
            IOException refusal = Should.Throw<IOException>(() =>
            {
                while (taken.Count <= limit)
                {
                    taken.Add(new LinuxNotifications());
                }
            });
            refusal.Message.ShouldBe("Too many open files");
        }
        finally
        {
            taken.ForEach(static t => t.Dispose());
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_directory_that_cannot_be_watched_has_the_systems_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is Linux' own.");
        using var notifications = new LinuxNotifications();
        notifications.TryWatch("/" + new string('d', 300), out string reason).ShouldBeFalse();
        reason.ShouldBe("File name too long");
    }

    [Theory]
    [InlineData(24 * 60, false)]
    [InlineData(-24 * 60, false)]
    [InlineData(0, true)]
    public void A_file_whose_time_is_not_of_now_is_read_again_only_when_that_changes(int minutes, bool again)
    {
        const long Now = 1_800_000_000_000_000_000;
        long modified = Now + (minutes * 60L * 1_000_000_000);
        var stat = new FileStat(FileKind.Regular, new FileIdentity(1, 2), 10, modified, Now - (3600L * 1_000_000_000), 1);
        var file = new TailedFile(
            new FileGroup(new LogFileOptions { Path = "/x.log", Group = "g", Stream = "s" }, null, 1000), "/x.log", stat, "/x.log", DateTimeOffset.UnixEpoch)
        {
            State = FileState.Tailed,
            HasUnread = false,
            ReadAtNs = Now,
        };

        file.Observe(stat, 0);
        file.HasUnread.ShouldBe(again);

        file.Observe(stat with { ModifiedNs = modified + 1 }, 0);
        file.HasUnread.ShouldBeTrue();
    }
}
