using System.Text;
using System.Text.RegularExpressions;

namespace IotOps.Logs.Tests.Tail;

public sealed class ReadingTests
{
    [Fact]
    public void Lines_are_read_once_each_and_an_unfinished_one_waits_for_its_end()
    {
        using var rig = new TailRig();
        rig.Write("app.log", "one\ntwo\r\n\nthr");
        rig.Read().ShouldBe(["one", "two"]);
        rig.Read(20).ShouldBeEmpty();
        rig.Write("app.log", "ee\n");
        rig.Read().ShouldBe(["three"]);
        rig.Read().ShouldBeEmpty();
    }

    [Fact]
    public void A_tail_is_idle_when_only_an_unfinished_line_is_left()
    {
        using var rig = new TailRig();
        rig.Tail.IsIdle.ShouldBeFalse();
        rig.Write("app.log", "one\ntw");
        rig.Lanes.Room = 0;
        rig.Poll().Blocked.ShouldBeTrue();
        rig.Tail.IsIdle.ShouldBeFalse();
        rig.Lanes.Room = 1;
        rig.Poll().Blocked.ShouldBeFalse();
        rig.Tail.IsIdle.ShouldBeTrue();
        rig.Tail.UnreadBytes.ShouldBe(0);
    }

    [Fact]
    public void Each_event_says_where_it_ends()
    {
        using var rig = new TailRig();
        rig.Write("app.log", "a\n\nbé\r\n");
        rig.Poll();
        rig.Lanes.Taken.Select(static e => e.EndOffset).ShouldBe([2L, 8L]);
    }

    [Fact]
    public async Task What_was_committed_is_not_read_again_after_a_crash_and_the_rest_is()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", "one", "two");
        rig.Poll();
        await rig.CommitAsync();
        rig.Lines("app.log", "three");
        rig.Read();
        rig.Restart();
        rig.Read().ShouldBe(["three"]);
    }

    [Fact]
    public void A_file_that_was_there_before_the_first_run_is_read_from_its_end_when_told_so_and_a_later_one_whole()
    {
        using var rig = new TailRig("*.log", static f => f with { Start = LogStart.End });
        rig.Lines("old.log", "before");
        rig.Read().ShouldBeEmpty();
        rig.Lines("old.log", "after");
        rig.Lines("new.log", "whole");
        rig.Read().ShouldBe(["after", "whole"], ignoreOrder: true);
        rig.Restart();
        rig.Lines("newer.log", "too");
        rig.Read().ShouldBe(["after", "too", "whole"], ignoreOrder: true);
    }

    [Fact]
    public void A_full_lane_holds_up_its_own_files_only()
    {
        using var rig = new TailRig("*.log", static f => f with { Stream = "{file}" });
        rig.Lines("a.log", "a1");
        rig.Lines("b.log", "b1");
        rig.Lanes.BlockedStreams.Add("a.log");
        rig.Read().ShouldBe(["b1"]);
        rig.Lines("a.log", "a2");
        rig.Lines("b.log", "b2");
        rig.Read().ShouldBe(["b2"]);
        rig.Lanes.BlockedStreams.Clear();
        rig.Read().ShouldBe(["a1", "a2"]);
    }

    [Fact]
    public void One_call_reads_a_bounded_amount()
    {
        using var rig = new TailRig();
        rig.Lanes.Keeps = false;
        rig.Write("app.log", string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 100_000)));
        rig.Tail.Poll(rig.Lanes).MoreToRead.ShouldBeTrue();
        rig.Lanes.Count.ShouldBeInRange(30_000, 50_000);
        rig.Poll();
        rig.Lanes.Count.ShouldBe(100_000);
    }

    [Fact]
    public void Utf16_with_a_mark_becomes_utf8()
    {
        using var rig = new TailRig();
        File.WriteAllText(rig["app.log"], "žluť 😀\nx\n", Encoding.Unicode);
        rig.Read().ShouldBe(["žluť 😀", "x"]);
        rig.Restart();
        File.AppendAllText(rig["app.log"], "y\n", new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        rig.Read().ShouldBe(["žluť 😀", "x", "y"]);
    }

    [Fact]
    public void A_utf8_mark_is_no_text()
    {
        using var rig = new TailRig();
        File.WriteAllText(rig["app.log"], "x\n", Encoding.UTF8);
        rig.Read().ShouldBe(["x"]);
    }

    [Fact]
    public void Latin1_is_read_when_told_so()
    {
        using var rig = new TailRig(files: static f => f with { Encoding = LogEncoding.Latin1 });
        File.WriteAllText(rig["app.log"], "élan ÿ\n", Encoding.Latin1);
        rig.Read().ShouldBe(["élan ÿ"]);
    }

    [Fact]
    public void Invalid_bytes_become_replacement_characters_and_their_neighbours_stay()
    {
        using var rig = new TailRig();
        File.WriteAllBytes(rig["app.log"], [.. "good\na"u8, 0xFF, .. "b\n"u8, 0xC3, .. "\nž\n"u8]);
        rig.Read().ShouldBe(["good", "a\uFFFDb", "\uFFFD", "ž"]);
    }

    [Fact]
    public void Lines_join_to_the_event_they_follow_and_the_last_one_is_complete_after_a_pause()
    {
        using var rig = new TailRig(files: static f => f with { MultiLine = new MultiLineOptions { Start = new Regex("^\\d", RegexOptions.NonBacktracking) } });
        rig.Write("app.log", "stray\n1 a\r\n  b\r\n\n  c\n2 d\n  e\n");
        rig.Read().ShouldBe(["stray", "1 a\n  b\n\n  c"]);
        rig.Tail.IsIdle.ShouldBeFalse();
        rig.Read(6).ShouldBe(["2 d\n  e"]);
        rig.Tail.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void A_line_over_the_limit_is_cut_between_characters_and_keeps_its_time()
    {
        using var rig = new TailRig(
            files: static f => f with { Timestamp = LogTimestampOptions.Iso8601 with { TimeZone = TimeZoneInfo.Utc } },
            options: static o => o with { MaxEventBytes = 26 + 30 });
        rig.Write("app.log", "2023-10-01T12:00:00Z " + "ééééé😀😀" + "\nz\n");
        rig.Poll();
        rig.Lanes.Messages.ShouldBe(["2023-10-01T12:00:00Z éééé", "é😀😀", "z"]);
        rig.Lanes.Taken.Select(static e => e.Timestamp).ShouldBe([1696161600000, 1696161600000, 1696161600000]);
    }

    [Fact]
    public void Files_that_are_no_regular_files_are_left_alone()
    {
        using var rig = new TailRig("*");
        Directory.CreateDirectory(rig["directory"]);
        System.Diagnostics.Process.Start("mkfifo", rig["fifo"]).WaitForExit();
        rig.Lines("file", "x");
        rig.Read().ShouldBe(["x"]);
    }

    [Fact]
    public void A_full_disk_holds_up_files_that_begin_at_their_end_and_no_others()
    {
        var disk = new TestKit.FaultyFileSystem { FreeBytes = 0, Affects = static path => path.Contains("checkpoint", StringComparison.Ordinal) };
        using var rig = new TailRig("a.log", static f => f with { Start = LogStart.End }, o => o with
        {
            FileSystem = disk,
            Files = [.. o.Files, o.Files[0] with { Path = o.Files[0].Path.Replace("a.log", "b.log", StringComparison.Ordinal), Start = LogStart.Beginning }],
        });
        rig.Lines("a.log", "old a");
        rig.Lines("b.log", "old b");
        rig.Read().ShouldBe(["old b"]);
        rig.Lines("a.log", "new a");
        rig.Read().ShouldBeEmpty();
        disk.FreeBytes = long.MaxValue;
        rig.Read().ShouldBe(["new a"]);
        rig.Restart();
        rig.Read().ShouldBe(["new a", "old b"], ignoreOrder: true);
    }
}
