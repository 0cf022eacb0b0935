namespace IotOps.Logs.Tests.Tail;

public sealed class RotationTests
{
    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public void A_renamed_file_is_read_on_and_its_successor_from_the_start(string pattern)
    {
        using var rig = new TailRig(pattern);
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Lines("app.log", "3");
        rig.Rename("app.log", "app.log.1");
        rig.Lines("app.log", "4");
        rig.Read().ShouldBe(["3", "4"], ignoreOrder: true);
        rig.Lines("app.log.1", "late");
        rig.Lines("app.log", "5");
        rig.Read().ShouldBe(["5", "late"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public async Task Renames_in_cascade_while_down_lose_nothing(string pattern)
    {
        using var rig = new TailRig(pattern);
        rig.Lines("app.log", "1");
        rig.Poll();
        await rig.CommitAsync();
        rig.Lines("app.log", "2");
        rig.Rename("app.log", "app.log.1");
        rig.Lines("app.log", "3");
        rig.Read().ShouldBe(["1", "2", "3"], ignoreOrder: true);
        rig.Crash();
        rig.Rename("app.log.1", "app.log.2");
        rig.Rename("app.log", "app.log.1");
        rig.Lines("app.log", "4");
        rig.Start();
        rig.Read(3).ShouldBe(["2", "3", "4"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public void A_copied_and_truncated_file_is_read_on_in_the_copy(string pattern)
    {
        using var rig = new TailRig(pattern);
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Lines("app.log", "3");
        rig.CopyTruncate("app.log", "app.log.1");
        rig.Lines("app.log", "4");
        rig.Read(3).ShouldBe(["3", "4"], ignoreOrder: true);
        rig.Restart();
    }

    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public void A_truncated_file_that_grew_beyond_the_old_offset_is_recognised(string pattern)
    {
        using var rig = new TailRig(pattern);
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Lines("app.log", "3");
        rig.CopyTruncate("app.log", "app.log.1");
        rig.Lines("app.log", "4444444", "5555555");
        rig.Read(3).ShouldBe(["3", "4444444", "5555555"], ignoreOrder: true);
    }

    [Fact]
    public void A_copy_seen_before_the_truncation_is_not_sent_twice()
    {
        using var rig = new TailRig("app.log*");
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Lines("app.log", "3");
        File.WriteAllText(rig["app.log.1"], "");
        rig.Read().ShouldBe(["3"]);
        File.WriteAllText(rig["app.log.1"], "1\n2");
        rig.Read().ShouldBeEmpty();
        rig.Lines("app.log", "4");
        rig.Copy("app.log", "app.log.1");
        rig.Read().ShouldBe(["4"]);
        rig.Truncate("app.log");
        rig.Read(3).ShouldBeEmpty();
        rig.Lines("app.log", "5");
        rig.Read().ShouldBe(["5"]);
    }

    [Fact]
    public async Task A_copy_made_while_no_agent_ran_and_renamed_at_its_start_is_not_sent_twice()
    {
        using var rig = new TailRig("app.log*");
        rig.Lines("app.log", "1", "2");
        rig.Poll();
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
        rig.Lines("app.log", "3");
        rig.Crash();
        rig.CopyTruncate("app.log", "app.log.1");
        rig.Lines("app.log", "4");
        rig.Start();
        rig.Tail.Poll(rig.Lanes);
        rig.Rename("app.log.1", "app.log.2");
        rig.Read(5).ShouldBe(["3", "4"], ignoreOrder: true);
    }

    [Fact]
    public void A_copy_that_got_the_inode_of_the_oldest_generation_is_not_sent_twice()
    {
        // The oldest generation is closed: an open file's inode is not free.
        using var rig = new TailRig("app.log*", options: static o => o with { MaxOpenFiles = 1 });
        rig.Lines("app.log.2", "oldest");
        rig.Read().ShouldBe(["oldest"]);
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Lanes.Room = 0;
        rig.Lines("app.log", "3");
        rig.Read().ShouldBeEmpty();

        // logrotate's order: remove the oldest, copy, truncate. All of it before the directory is looked at again.
        rig.Rename("app.log.2", "../freed");
        rig.Copy("app.log", "../freed");
        rig.Rename("../freed", "app.log.1");
        rig.Truncate("app.log");
        rig.Lanes.Room = int.MaxValue;
        rig.Tail.Poll(rig.Lanes);
        rig.Lines("app.log", "4");
        rig.Read(5).ShouldBe(["3", "4"], ignoreOrder: true);
    }

    [Fact]
    public void A_file_that_began_like_another_is_read_from_the_start_once_it_differs()
    {
        using var rig = new TailRig("app.log*");
        rig.Lines("app.log", "header", "1");
        rig.Read().ShouldBe(["header", "1"]);
        rig.Lines("app.log.new", "header");
        rig.Read().ShouldBeEmpty();
        rig.Lines("app.log.new", "2");
        rig.Read().ShouldBe(["header", "2"]);
    }

    [Fact]
    public void Files_with_equal_content_and_unrelated_names_are_different_files()
    {
        using var rig = new TailRig("*.log");
        rig.Lines("worker-1.log", "started");
        rig.Lines("worker-2.log", "started");
        rig.Read().ShouldBe(["started", "started"]);
    }

    [Fact]
    public void A_deleted_file_is_read_to_its_end_and_released_and_its_successor_is_read()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", "1");
        rig.Read().ShouldBe(["1"]);
        rig.Write("app.log", "2\nunfinished");
        File.Delete(rig["app.log"]);
        rig.Lines("app.log", "3");
        rig.Read().ShouldBe(["2", "3"], ignoreOrder: true);
        rig.Lanes.Vanishing.Count.ShouldBe(1);
        rig.Read(7).ShouldBe(["unfinished"]);
        rig.Poll(2);
        rig.Tail.OpenFileCount.ShouldBe(1);
    }

    [Fact]
    public void A_file_truncated_and_rewritten_is_read_again_from_the_start_and_its_seen_last_line_is_kept()
    {
        using var rig = new TailRig();
        rig.Write("app.log", "1\nunfinished");
        rig.Read().ShouldBe(["1"]);
        rig.Truncate("app.log");
        rig.Lines("app.log", "2");
        rig.Read(2).ShouldBe(["2", "unfinished"], ignoreOrder: true);
    }

    [Fact]
    public void A_file_replaced_by_one_of_the_same_size_is_read()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", "aaa");
        rig.Read().ShouldBe(["aaa"]);
        File.WriteAllText(rig["app.log"], "bbb\n");
        rig.Read(2).ShouldBe(["bbb"]);
    }

    [Fact]
    public void A_swapped_link_leads_to_the_new_file_and_the_old_one_is_read_to_its_end()
    {
        using var rig = new TailRig("current.log");
        rig.Lines("2023.txt", "1");
        File.CreateSymbolicLink(rig["current.log"], rig["2023.txt"]);
        rig.Read().ShouldBe(["1"]);
        rig.Lines("2023.txt", "2");
        File.Delete(rig["current.log"]);
        rig.Lines("2024.txt", "3");
        File.CreateSymbolicLink(rig["current.log"], rig["2024.txt"]);
        rig.Read().ShouldBe(["2", "3"], ignoreOrder: true);
        rig.Lines("2023.txt", "late");
        rig.Read().ShouldBe(["late"]);
    }

    [Theory]
    [InlineData("app.log")]
    [InlineData("app.log*")]
    public async Task A_file_rotated_and_compressed_while_down_is_read_on_inside(string pattern)
    {
        using var rig = new TailRig(pattern);
        rig.Lines("app.log", "1");
        rig.Poll();
        await rig.CommitAsync();
        rig.Read();
        rig.Crash();
        rig.Lines("app.log", "2");
        rig.Rename("app.log", "app.log.1");
        rig.Gzip("app.log.1");
        rig.Lines("app.log", "3");
        rig.Start();
        rig.Read(9).ShouldBe(["2", "3"], ignoreOrder: true);
    }

    [Fact]
    public void A_compressed_file_that_the_pattern_matches_is_read_when_it_is_nobodys_copy()
    {
        using var rig = new TailRig("*");
        rig.Lines("old.log", "1", "2");
        rig.Gzip("old.log");
        rig.Read(9).ShouldBe(["1", "2"]);
    }

    [Fact]
    public void A_read_file_that_is_compressed_is_not_sent_again()
    {
        using var rig = new TailRig("app.log*");
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Rename("app.log", "app.log.1");
        rig.Lines("app.log", "3");
        rig.Read().ShouldBe(["3"]);
        rig.Gzip("app.log.1");
        rig.Read(30).ShouldBeEmpty();
        rig.Restart();
        rig.Read(30).ShouldBe(["1", "2", "3"], ignoreOrder: true);
    }

    [Fact]
    public void A_generation_that_came_and_went_between_two_looks_is_read_though_no_pattern_matches_it()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", "1");
        rig.Read().ShouldBe(["1"]);
        for (int i = 2; i <= 5; i++)
        {
            for (int generation = i; generation >= 1; generation--)
            {
                if (File.Exists(rig[$"app.log.{generation}"]))
                {
                    rig.Rename($"app.log.{generation}", $"app.log.{generation + 1}");
                }
            }

            rig.Rename("app.log", "app.log.1");
            rig.Lines("app.log", $"{i}");
        }

        rig.Read(2).ShouldBe(["2", "3", "4", "5"], ignoreOrder: true);
    }

    [Fact]
    public void An_empty_file_that_is_renamed_is_followed_and_its_late_lines_are_read()
    {
        using var rig = new TailRig();
        File.WriteAllText(rig["app.log"], "");
        rig.Read().ShouldBeEmpty();
        rig.Rename("app.log", "app.log.1");
        rig.Lines("app.log", "new");
        rig.Lines("app.log.1", "late");
        rig.Read(2).ShouldBe(["late", "new"], ignoreOrder: true);
    }

    [Fact]
    public void A_deleted_file_whose_lane_is_full_keeps_its_handle_until_it_is_read()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", "1", "2");
        rig.Lanes.Room = 0;
        rig.Read().ShouldBeEmpty();
        File.Delete(rig["app.log"]);
        rig.Read(60).ShouldBeEmpty();
        rig.Lanes.Room = 10;
        rig.Read().ShouldBe(["1", "2"]);
    }

    [Fact]
    public void The_hole_that_a_writer_leaves_before_its_old_offset_is_no_text()
    {
        using var rig = new TailRig();
        using var writer = new FileStream(rig["app.log"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1);
        writer.Write("first line\n"u8);
        rig.Read().ShouldBe(["first line"]);
        rig.Truncate("app.log");
        writer.Write("second line\n"u8);
        rig.Read(2).ShouldBe(["second line"]);
    }

    [Fact]
    public void A_file_restarted_on_the_inode_of_a_deleted_one_is_read_from_its_start()
    {
        using var rig = new TailRig(options: static o => o with { MaxOpenFiles = 1 }, pattern: "*.log");
        rig.Lines("a.log", "aaaaaaaa");
        rig.Lines("b.log", "bbbbbbbb");
        rig.Read().ShouldBe(["aaaaaaaa", "bbbbbbbb"], ignoreOrder: true);
        File.Delete(rig["a.log"]);
        rig.Lines("a.log", "cccccccc");
        rig.Read(2).ShouldBe(["cccccccc"]);
    }

    [Fact]
    public void A_compressed_file_is_read_only_once_it_is_written_whole()
    {
        using var rig = new TailRig("*");
        rig.Lines("old.log", [.. Enumerable.Range(0, 2000).Select(static i => $"{i * 7919}")]);
        string[] lines = File.ReadAllLines(rig["old.log"]);
        rig.Gzip("old.log");
        byte[] whole = File.ReadAllBytes(rig["old.log.gz"]);
        File.WriteAllBytes(rig["old.log.gz"], whole[..(whole.Length / 2)]);
        rig.Read().ShouldBeEmpty();
        File.WriteAllBytes(rig["old.log.gz"], whole);
        rig.Read(9).ShouldBe(lines);
    }

    [Fact]
    public void A_file_of_a_pattern_that_is_no_longer_configured_is_forgotten_with_a_word()
    {
        using var rig = new TailRig("a.log");
        rig.Lines("a.log", "1");
        rig.Read().ShouldBe(["1"]);
        rig.Pattern = "b.log";
        rig.Restart();
        rig.Log.Entries.ShouldContain(static e => e.Id.Id == 248);
    }

    [Fact]
    public async Task An_old_file_that_is_gone_and_accepted_leaves_the_checkpoint()
    {
        using var rig = new TailRig();
        rig.Lines("app.log", "1");
        rig.Poll();
        File.Delete(rig["app.log"]);
        rig.Poll(10);
        rig.Checkpoint.Entries.Count.ShouldBe(1);
        await rig.CommitAsync();
        rig.Poll();
        rig.Checkpoint.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void A_short_file_equal_to_anothers_start_is_sent_when_neither_has_changed_for_five_minutes()
    {
        using var rig = new TailRig("*.log");
        rig.Lines("svc.log", "service started");
        rig.Lines("svc-b.log", "service started");
        rig.Read(240).ShouldBe(["service started"]);
        rig.Tail.FilesPending.ShouldBe(1);
        rig.Log.Entries.Count(static e => e.Id.Id == 243 && e.Text.Contains("svc-b.log", StringComparison.Ordinal)).ShouldBe(1);

        rig.Read(120).ShouldBe(["service started"]);
        rig.Tail.FilesPending.ShouldBe(0);
        rig.Lines("svc-b.log", "service stopped");
        rig.Read(3).ShouldBe(["service stopped"]);
        rig.Restart();
        rig.Read(600).ShouldBe(["service started", "service started", "service stopped"], ignoreOrder: true);
    }

    [Fact]
    public void A_file_equal_to_the_start_of_one_that_grows_waits()
    {
        using var rig = new TailRig("*.log");
        rig.Lines("svc.log", "service started");
        rig.Lines("svc-b.log", "service started");
        rig.Read(200);
        rig.Lines("svc.log", "and works");
        rig.Read(240).ShouldBe(["and works"]);
        rig.Read(120).ShouldBe(["service started"]);
    }

    [Fact]
    public void A_long_file_equal_to_anothers_start_stays_a_copy_and_is_counted()
    {
        using var rig = new TailRig("app.log*");
        rig.Lines("app.log", [.. Enumerable.Range(0, 20_000).Select(static i => $"{i:D5} a line")]);
        rig.Read(2).Length.ShouldBe(20_000);
        rig.Copy("app.log", "app.log.bak");
        rig.Read(1200).ShouldBeEmpty();
        rig.Tail.FilesPending.ShouldBe(1);
    }

    [Fact]
    public void A_copy_that_was_sent_as_a_file_of_its_own_costs_nothing_when_its_original_is_truncated()
    {
        using var rig = new TailRig("app.log*");
        rig.Lines("app.log", "one", "two");
        rig.Copy("app.log", "app.log.1");
        rig.Read(400).ShouldBe(["one", "two", "one", "two"]);
        rig.Truncate("app.log");
        rig.Lines("app.log", "three");
        rig.Read(20).ShouldBe(["three"]);
    }
}
