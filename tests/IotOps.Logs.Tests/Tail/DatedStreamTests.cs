namespace IotOps.Logs.Tests.Tail;

/// <summary>A stream with <c>{date}</c> in its name is that of the event's day.</summary>
public sealed class DatedStreamTests
{
    private static readonly DateTimeOffset Today = new(2026, 11, 29, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_file_that_lives_for_days_goes_to_each_days_stream_once_the_one_before_has_everything()
    {
        using TailRig rig = Rig();
        rig.Lines("app.log", Line(-2, "one"), Line(-1, "two"), Line(-1, "three"), Line(0, "four"));
        rig.Poll(3);
        rig.Lanes.Taken.Select(Told).ShouldBe([(Day(-2), "one")]);
        rig.Tail.IsIdle.ShouldBeFalse();

        await rig.CommitAsync();
        rig.Poll(3);
        rig.Lanes.Taken.Select(Told).ShouldBe([(Day(-2), "one"), (Day(-1), "two"), (Day(-1), "three")]);

        await rig.CommitAsync();
        rig.Poll(3);
        rig.Lanes.Taken.Select(Told).Last().ShouldBe((Day(0), "four"));
        rig.Tail.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task After_a_kill_what_the_day_before_has_not_accepted_is_read_again()
    {
        using TailRig rig = Rig();
        rig.Lines("app.log", Line(-1, "one"), Line(-1, "two"), Line(0, "three"));
        rig.Poll(3);
        rig.Lanes.Taken.RemoveAt(1);
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
        rig.Restart();
        rig.Poll(3);
        rig.Lanes.Taken.Select(Told).ShouldBe([(Day(-1), "two")]);
        await rig.CommitAsync();
        rig.Poll(3);
        rig.Lanes.Taken.Select(Told).ShouldBe([(Day(-1), "two"), (Day(0), "three")]);
        rig.Log.Entries.ShouldNotContain(static e => e.Id.Id == 257);
    }

    [Fact]
    public void A_late_line_of_the_day_before_does_not_go_back()
    {
        using TailRig rig = Rig();
        rig.Lines("app.log", Line(0, "one"), Line(-1, "late"), Line(0, "two"));
        rig.Poll(3);
        rig.Lanes.Taken.Select(Told).ShouldBe([(Day(0), "one"), (Day(0), "late"), (Day(0), "two")]);
    }

    [Theory]
    [InlineData("no time")]
    [InlineData("1970-01-01T00:00:00Z a clock that was not set")]
    [InlineData("2199-01-01T00:00:00Z one that was set wrong")]
    public void An_event_that_is_sent_with_the_time_of_sending_belongs_to_that_day(string line)
    {
        using TailRig rig = Rig();
        rig.Lines("app.log", line);
        rig.Poll(3);
        rig.Lanes.Taken.Single().Destination.Stream.ShouldBe(Day(0));
    }

    private static TailRig Rig()
    {
        var rig = new TailRig(files: static f => f with { Stream = "{date}", Timestamp = LogTimestampOptions.Iso8601 });
        rig.Clock.SetUtcNow(Today);
        return rig;
    }

    private static string Line(int day, string text) => $"{Today.AddDays(day):yyyy-MM-ddTHH:mm:ss}Z {text}";

    private static string Day(int day) => Today.UtcDateTime.AddDays(day).ToString("yyyy-MM-dd");

    private static (string Stream, string Text) Told(TakenEvent taken) => (taken.Destination.Stream, taken.Message.Split(' ')[^1]);
}
