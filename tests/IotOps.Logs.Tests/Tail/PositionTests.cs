namespace IotOps.Logs.Tests.Tail;

/// <summary>A position belongs to a file: it outlives a file's absence, its replacement by the same content, and every change of the configuration.</summary>
public sealed class PositionTests
{
    [Fact]
    public async Task A_directory_that_is_not_there_at_the_start_costs_no_position()
    {
        using var rig = new TailRig("*.log");
        await ShipAsync(rig, "a.log", 5);
        rig.Crash();
        Directory.Move(rig.Logs, rig.Logs + ".away");
        rig.Start();
        rig.Read(4).ShouldBeEmpty();
        Directory.Move(rig.Logs + ".away", rig.Logs);
        rig.Read(15).ShouldBeEmpty();
        rig.Lines("a.log", "more");
        rig.Read(3).ShouldBe(["more"]);
    }

    [Fact]
    public async Task An_empty_mount_point_at_the_start_costs_no_position()
    {
        using var rig = new TailRig("*.log");
        await ShipAsync(rig, "a.log", 5);
        await ShipAsync(rig, "b.log", 500);
        rig.Crash();
        Directory.Move(rig.Logs, rig.Logs + ".away");
        Directory.CreateDirectory(rig.Logs);
        rig.Start();
        rig.Read(20).ShouldBeEmpty();
        rig.Restart();
        rig.Read(20).ShouldBeEmpty();

        // As after a restore: the same content on other inodes.
        foreach (string file in Directory.GetFiles(rig.Logs + ".away"))
        {
            File.WriteAllBytes(rig[Path.GetFileName(file)], File.ReadAllBytes(file));
        }

        rig.Lines("b.log", "more");
        rig.Read(20).ShouldBe(["more"]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(75)]
    [InlineData(7200)]
    public async Task A_directory_that_goes_and_comes_back_costs_no_position(int seconds)
    {
        using var rig = new TailRig("*.log");
        await ShipAsync(rig, "a.log", 5);
        Directory.Move(rig.Logs, rig.Logs + ".away");
        rig.Read(seconds).ShouldBeEmpty();
        Directory.Move(rig.Logs + ".away", rig.Logs);
        rig.Read(75).ShouldBeEmpty();
        rig.Lines("a.log", "more");
        rig.Read(3).ShouldBe(["more"]);
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 200)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public async Task A_file_replaced_by_its_own_content_and_more_is_read_on(bool whileDown, int lines)
    {
        using var rig = new TailRig("a.log");
        await ShipAsync(rig, "a.log", lines);
        if (whileDown)
        {
            rig.Crash();
        }

        rig.Copy("a.log", "t");
        rig.Lines("t", "appended");
        rig.Rename("t", "a.log");
        if (whileDown)
        {
            rig.Start();
        }

        rig.Read(75).ShouldBe(["appended"]);
        rig.Lines("a.log", "more");
        rig.Read(3).ShouldBe(["more"]);
    }

    [Fact]
    public async Task A_file_replaced_by_its_own_content_keeps_what_was_not_read_yet()
    {
        using var rig = new TailRig("a.log");
        await ShipAsync(rig, "a.log", 50);
        rig.Lines("a.log", "unread 1");
        rig.Copy("a.log", "t");
        rig.Lines("t", "unread 2");
        rig.Rename("t", "a.log");
        rig.Read(5).ShouldBe(["unread 1", "unread 2"]);
    }

    [Fact]
    public async Task A_successor_that_begins_as_its_predecessor_did_takes_nothing_unread_away()
    {
        using var rig = new TailRig("a.log");
        Directory.CreateDirectory(rig.Logs + ".old");
        await ShipAsync(rig, "a.log", 2);
        rig.Lines("a.log", "unread");
        File.Move(rig["a.log"], Path.Combine(rig.Logs + ".old", "a.log"));
        rig.Lines("a.log", "line 0", "line 1", "other");
        rig.Read(10).ShouldBe(["unread", "line 0", "line 1", "other"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_changed_stream_is_where_the_bytes_not_yet_sent_go()
    {
        string stream = "old";
        using var rig = new TailRig("*.log", f => f with { Stream = stream });
        await ShipAsync(rig, "a.log", 1);
        stream = "new";
        rig.Restart();
        rig.Lines("a.log", "two");
        rig.Poll(2);
        rig.Lanes.Taken.Select(static e => (e.Destination.Stream, e.Message)).ShouldBe([("new", "two")]);
    }

    [Fact]
    public async Task A_cloned_state_directory_writes_into_the_streams_of_its_own_device()
    {
        string thing = "golden-image";
        using var rig = new TailRig("*.log", f => f with { Stream = "{thing}/{file}" }, o => o with { ThingName = thing });
        await ShipAsync(rig, "a.log", 1);
        thing = "device-b";
        rig.Restart();
        rig.Lines("a.log", "hi");
        rig.Poll(2);
        rig.Lanes.Taken.Select(static e => (e.Destination.Stream, e.Message)).ShouldBe([("device-b/a.log", "hi")]);
        rig.Log.Entries.ShouldContain(static e => e.Id.Id == 256 && e.Text.Contains("golden-image", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rotated_file_keeps_the_name_it_was_found_under_in_the_stream()
    {
        string prefix = "old";
        using var rig = new TailRig("app.log", f => f with { Stream = prefix + "/{file}" });
        await ShipAsync(rig, "app.log", 1);
        rig.Rename("app.log", "app.log.1");
        rig.Poll(2);
        prefix = "new";
        rig.Restart();
        rig.Lines("app.log.1", "late");
        rig.Poll(2);
        rig.Lanes.Taken.Select(static e => (e.Destination.Stream, e.Message)).ShouldBe([("new/app.log", "late")]);
    }

    [Theory]
    [InlineData("*log")]
    [InlineData("./*.log")]
    [InlineData("**/a.*")]
    [InlineData("a.log")]
    public async Task Another_pattern_that_selects_the_file_keeps_its_position(string pattern)
    {
        using var rig = new TailRig("*.log");
        await ShipAsync(rig, "a.log", 3);
        rig.Pattern = pattern;
        rig.Restart();
        rig.Lines("a.log", "more");
        rig.Read(3).ShouldBe(["more"]);
    }

    [Fact]
    public async Task A_path_over_a_link_to_the_directory_keeps_the_position()
    {
        using var rig = new TailRig("*.log");
        await ShipAsync(rig, "a.log", 3);
        Directory.CreateSymbolicLink(rig.Logs + ".link", rig.Logs);
        rig.Pattern = rig.Logs + ".link/*.log";
        rig.Restart();
        rig.Lines("a.log", "more");
        rig.Read(3).ShouldBe(["more"]);
    }

    [Fact]
    public async Task The_checkpoint_beats_the_start_of_a_changed_pattern()
    {
        using var rig = new TailRig("*.log", static f => f with { Start = LogStart.End });
        rig.Poll();
        await ShipAsync(rig, "a.log", 1);
        rig.Crash();
        rig.Lines("a.log", "written while stopped");
        rig.Lines("b.log", "new while stopped");
        rig.Pattern = "*log";
        rig.Start();
        rig.Read(3).ShouldBe(["written while stopped", "new while stopped"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_entry_that_is_taken_out_and_put_back_goes_on_where_it_was()
    {
        bool both = true;
        using var rig = new TailRig("*.log", options: o => both ? o with { Files = [.. o.Files, o.Files[0] with { Path = o.Files[0].Path.Replace("*.log", "*.txt", StringComparison.Ordinal) }] } : o);
        await ShipAsync(rig, "b.log", 1);
        await ShipAsync(rig, "a.txt", 2);
        both = false;
        rig.Restart();
        await ShipAsync(rig, "b.log", 1);
        both = true;
        rig.Restart();
        rig.Lines("a.txt", "more");
        rig.Read(3).ShouldBe(["more"]);
    }

    [Fact]
    public async Task A_position_that_nobody_asked_for_within_its_time_is_forgotten()
    {
        using var rig = new TailRig("*.log", options: static o => o with { KeepPositions = TimeSpan.FromHours(2) });
        await ShipAsync(rig, "a.log", 3);
        rig.Crash();
        Directory.Move(rig.Logs, rig.Logs + ".away");
        rig.Start();
        rig.Poll(3600);
        rig.Restart();
        rig.Checkpoint.Entries.Count.ShouldBe(1);
        rig.Poll(3700);
        rig.Checkpoint.Entries.ShouldBeEmpty();
        Directory.Move(rig.Logs + ".away", rig.Logs);
        rig.Read(15).ShouldBe(["line 0", "line 1", "line 2"]);
    }

    [Fact]
    public async Task Of_very_many_absent_files_those_known_for_longest_are_forgotten_first()
    {
        const int Files = 10_020;
        using var rig = new TailRig("*.log");
        for (int i = 0; i < Files; i++)
        {
            File.WriteAllText(rig[$"{i:D5}.log"], $"{i}\n");
        }

        rig.Poll(2);
        await rig.CommitAsync();
        rig.Crash();
        Directory.Move(rig.Logs, rig.Logs + ".away");
        rig.Start();
        rig.Poll(3);
        rig.Checkpoint.Entries.Count.ShouldBe(10_000);
    }

    private static async Task ShipAsync(TailRig rig, string name, int lines)
    {
        rig.Lines(name, [.. Enumerable.Range(0, lines).Select(static i => $"line {i}")]);
        rig.Poll(2);
        rig.Lanes.Taken.Count.ShouldBe(lines);
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
    }
}
