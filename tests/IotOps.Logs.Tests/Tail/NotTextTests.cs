using System.Text;

namespace IotOps.Logs.Tests.Tail;

/// <summary>What lies in log directories and is no text.</summary>
public sealed class NotTextTests
{
    [Fact]
    public void Nuls_that_a_power_cut_left_before_a_line_are_dropped_and_its_time_is_read()
    {
        using var rig = new TailRig(files: static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lines("app.log", "2026-11-29T10:00:00Z before", new string('\0', 4000) + "2026-11-29T10:05:00Z after reboot", "2026-11-29T10:06:00Z next");
        rig.Poll(2);
        rig.Lanes.Messages.ShouldBe(["2026-11-29T10:00:00Z before", "2026-11-29T10:05:00Z after reboot", "2026-11-29T10:06:00Z next"]);
        rig.Lanes.Taken[1].Timestamp.ShouldBe(new DateTimeOffset(2026, 11, 29, 10, 5, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Nuls_alone_are_no_event_and_nuls_inside_a_line_stay()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", new string('\0', 5_000_000), "a\0b", "\0", "c");
        rig.Read(3).ShouldBe(["a\0b", "c"]);
    }

    [Theory]
    [InlineData("app.log.1.xz", new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 1, 2, 10 })]
    [InlineData("app.log.2.bz2", new byte[] { 0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 10 })]
    [InlineData("app.log.3.zst", new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 1, 2, 10 })]
    [InlineData("app.log.4.zip", new byte[] { 0x50, 0x4B, 3, 4, 1, 2, 10 })]
    [InlineData("app.log.5", new byte[] { 0x1F, 0x8B, 8, 0, 1, 2, 10 })]
    [InlineData("system.journal", new byte[] { 0x4C, 0x50, 0x4B, 0x53, 0x48, 0x48, 0x52, 0x48, 10 })]
    public void A_file_that_says_it_is_no_text_is_left_alone_with_one_word(string name, byte[] start)
    {
        using var rig = new TailRig("*");
        File.WriteAllBytes(rig[name], start);
        rig.Lines("app.log", "text");
        rig.Read(20).ShouldBe(["text"]);
        rig.Log.Entries.Count(e => e.Id.Id == 260 && e.Text.Contains(name, StringComparison.Ordinal)).ShouldBe(1);
        rig.Tail.IsIdle.ShouldBeTrue();

        File.WriteAllText(rig[name], "text after all\n");
        rig.Read(5).ShouldBe(["text after all"]);
    }

    [Fact]
    public void Holes_are_passed_over_without_being_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SEEK_DATA is Linux' own here.");
        using var rig = new TailRig();
        using (FileStream file = File.Create(rig["app.log"]))
        {
            file.Write("first\n"u8);
            file.Position = 1L << 40;
            file.Write("behind a hole of a tebibyte\n"u8);
            file.SetLength(4L << 40);
        }

        rig.Read(5).ShouldBe(["first", "behind a hole of a tebibyte"]);
        rig.Tail.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task A_position_behind_a_hole_survives_a_restart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SEEK_DATA is Linux' own here.");
        using var rig = new TailRig();
        using (FileStream file = File.Create(rig["app.log"]))
        {
            file.Write("first\n"u8);
            file.Position = 1L << 40;
            file.Write("second\n"u8);
        }

        rig.Poll(5);
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
        rig.Restart();
        rig.Lines("app.log", "third");
        rig.Read(5).ShouldBe(["third"]);
    }

    [Fact]
    public void Lines_written_into_space_that_was_reserved_before_are_read()
    {
        using var rig = new TailRig();
        using FileStream file = File.Open(rig["app.log"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        file.Write(new byte[3 << 20]);
        file.Position = 0;
        file.Write("one\ntw"u8);
        file.Flush();
        rig.Read(5).ShouldBe(["one"]);
        rig.Tail.IsIdle.ShouldBeTrue();

        file.Write("o\nthree\n"u8);
        file.Flush();
        rig.Read(5).ShouldBe(["two", "three"]);
    }

    [Fact]
    public void Reserved_space_is_no_part_of_the_last_line_of_a_rotated_file()
    {
        using var rig = new TailRig("app.log");
        using (FileStream file = File.Create(rig["app.log"]))
        {
            file.Write("one\nlast words"u8);
            file.Write(new byte[2 << 20]);
        }

        rig.Read(2).ShouldBe(["one"]);
        rig.Rename("app.log", "app.log.1");
        rig.Lines("app.log", "new");
        rig.Read(20).ShouldBe(["last words", "new"], ignoreOrder: true);
    }

    [Fact]
    public void Nuls_before_the_first_line_of_a_joined_event_do_not_hide_its_start()
    {
        using var rig = new TailRig(files: static f => f with
        {
            MultiLine = new MultiLineOptions { Start = new System.Text.RegularExpressions.Regex("^2026-", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) },
        });
        rig.Lines("app.log", "2026-1 before", "  row", new string('\0', 3000) + "2026-2 after", "  row", "2026-3 next");
        rig.Read(20).ShouldBe(["2026-1 before\n  row", "2026-2 after\n  row", "2026-3 next"]);
    }

    [Fact]
    public void A_file_of_records_with_nuls_is_left_alone_with_one_word()
    {
        using var rig = new TailRig("*");
        byte[] wtmp = new byte[384 * 20];
        for (int i = 0; i < 20; i++)
        {
            Encoding.UTF8.GetBytes("\u0007\0\0\0pts/0\0\0\0\0\0\0\0ts/0root\n\0\0\0\0192.0.2.7").CopyTo(wtmp.AsSpan(384 * i));
        }

        File.WriteAllBytes(rig["wtmp"], wtmp);
        using (FileStream file = File.Create(rig["lastlog"]))
        {
            // User 1000's record behind a hole: a time, the line, the host.
            file.Position = 292 * 1000;
            file.Write([0x12, 0x34, 0x56, 0x65, .. "pts/0"u8, .. new byte[27], .. "192.0.2.7"u8, .. new byte[247]]);
        }

        rig.Lines("app.log", "text");
        rig.Read(20).ShouldBe(["text"]);
        rig.Log.Entries.Count(static e => e.Id.Id == 260).ShouldBe(2);
    }

    [Theory]
    [InlineData("line\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0after a power cut\n")]
    [InlineData("li\0\0\0\0\0\0\0\0\0\0after a power cut\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0after a power cut\n")]
    public void One_run_of_nuls_is_a_power_cut_and_no_binary_file(string text)
    {
        using var rig = new TailRig();
        rig.Write("app.log", text);
        rig.Read(3)[^1].ShouldEndWith("after a power cut");
        rig.Log.Entries.ShouldNotContain(static e => e.Id.Id == 260);
    }
}
