using System.Text.RegularExpressions;

namespace IotOps.Logs.Tests.Tail;

/// <summary>The time of events that carry none of their own.</summary>
public sealed class EventTimeTests
{
    private static readonly DateTimeOffset First = new(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_without_a_time_takes_the_last_one_read_in_its_file()
    {
        using var rig = new TailRig("*.log", static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lines("a.log", "2026-11-29T10:00:00Z ERROR boom 0", "   at Foo.bar", "2026-11-29T11:00:00Z ERROR boom 1", "   at Foo.baz");
        rig.Lines("b.log", "no time at all");
        rig.Poll(2);
        rig.Lines("a.log", "   at Foo.late");
        rig.Poll(2);

        long first = First.ToUnixTimeMilliseconds(), second = First.AddHours(1).ToUnixTimeMilliseconds();
        rig.Lanes.Taken.Where(static e => e.Message != "no time at all").Select(static e => e.Timestamp).ShouldBe([first, first, second, second, second]);
        rig.Lanes.Taken.Single(static e => e.Message == "no time at all").Timestamp.ShouldBe(long.MinValue);
    }

    [Fact]
    public void A_line_that_found_no_room_leaves_its_time_to_nobody()
    {
        using var rig = new TailRig("*.log", static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lines("a.log", "none", "2026-11-29T10:00:00Z one", "none");
        rig.Lanes.Room = 1;
        rig.Poll(2);
        rig.Lanes.Room = 10;
        rig.Poll(2);
        long first = First.ToUnixTimeMilliseconds();
        rig.Lanes.Taken.Select(static e => e.Timestamp).ShouldBe([long.MinValue, first, first]);
    }

    [Fact]
    public void All_parts_of_a_joined_event_that_is_too_long_have_its_time()
    {
        using var rig = new TailRig(
            files: static f => f with { Timestamp = LogTimestampOptions.Iso8601, MultiLine = new MultiLineOptions { Start = new Regex("^2026-", RegexOptions.None, TimeSpan.FromSeconds(1)) } },
            options: static o => o with { MaxEventBytes = 1024 });
        rig.Lines("app.log", ["2026-11-29T10:00:00Z HUGE", .. Enumerable.Repeat("2025-01-01T00:00:00Z a row of it", 100), "2026-11-29T11:00:00Z small"]);
        rig.Poll(20);

        long[] times = [.. rig.Lanes.Taken.Select(static e => e.Timestamp)];
        times.Length.ShouldBeGreaterThan(3);
        times[..^1].ShouldAllBe(static t => t == First.ToUnixTimeMilliseconds());
        times[^1].ShouldBe(First.AddHours(1).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task The_last_time_of_a_file_survives_a_restart()
    {
        using var rig = new TailRig(files: static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lines("app.log", "2026-11-29T10:00:00Z ERROR boom", "   at Foo.bar");
        rig.Poll(2);
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
        rig.Restart();
        rig.Lines("app.log", "   at Foo.baz");
        rig.Poll(2);
        rig.Lanes.Taken.Single().Timestamp.ShouldBe(First.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task After_a_restart_in_the_middle_of_a_file_its_time_is_that_of_the_last_accepted_line()
    {
        using var rig = new TailRig(files: static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lines("app.log", "2026-11-29T10:00:00Z ERROR boom", "   at Foo.bar", "2026-11-29T11:00:00Z ERROR later");
        rig.Poll(2);
        rig.Lanes.Taken.RemoveRange(1, 2);
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
        rig.Restart();
        rig.Poll(2);
        rig.Lanes.Taken.Select(static e => e.Timestamp).ShouldBe([First.ToUnixTimeMilliseconds(), First.AddHours(1).ToUnixTimeMilliseconds()]);
    }
}
