using System.Text;
using System.Text.RegularExpressions;
using IotOps.Logs.Reading;
using IotOps.Logs.Tail;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tests.Tail;

/// <summary>Which events of a file are shipped.</summary>
public sealed class EventFilterTests
{
    [Fact]
    public void What_the_patterns_leave_out_is_counted_and_is_no_loss()
    {
        using var rig = new TailRig(files: static f => f with { IncludeEvents = Pattern("^[a-z]+ "), ExcludeEvents = Pattern("healthz") });
        rig.Lines("app.log", "get /", "get /healthz", "404", "put /x");
        rig.Read(2).ShouldBe(["get /", "put /x"]);
        rig.Tail.EventsFiltered.ShouldBe(2);
        rig.Tail.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_whose_end_is_left_out_is_not_read_again_after_a_restart()
    {
        using var rig = new TailRig(files: static f => f with { ExcludeEvents = Pattern("noise") });
        rig.Lines("app.log", "one", "noise", "noise");
        rig.Poll(2);
        await rig.CommitAsync();
        rig.Lanes.Taken.Clear();
        rig.Poll(2);
        rig.Checkpoint.Save();
        rig.Restart();
        rig.Lines("app.log", "two");
        rig.Read(2).ShouldBe(["two"]);
        rig.Tail.EventsFiltered.ShouldBe(0);
    }

    [Fact]
    public void The_rest_of_an_event_that_is_cut_goes_the_way_of_its_beginning()
    {
        using var rig = new TailRig(files: static f => f with { ExcludeEvents = Pattern("^secret") }, options: static o => o with { MaxEventBytes = 256 });
        rig.Lines("app.log", "secret " + new string('x', 1000), "told " + new string('y', 1000));
        rig.Poll(2);
        string.Concat(rig.Lanes.Messages).ShouldBe("told " + new string('y', 1000));
        rig.Tail.EventsFiltered.ShouldBe(1);
    }

    [Fact]
    public void A_joined_event_is_judged_whole()
    {
        using var rig = new TailRig(files: static f => f with
        {
            MultiLine = new MultiLineOptions { Start = Pattern(@"^\d") },
            IncludeEvents = Pattern("Exception"),
        });
        rig.Lines("app.log", "1 boom", "  an Exception", "2 fine", "  indeed", "3 next");
        rig.Read(10).ShouldBe(["1 boom\n  an Exception"]);
    }

    [Fact]
    public void Events_below_the_minimum_level_are_left_out_and_those_without_one_are_not()
    {
        using var rig = new TailRig(files: static f => f with { MinimumLevel = LogLevel.Warning });
        rig.Lines("app.log", "2026-11-29 10:00:00 DEBUG noise", "2026-11-29 10:00:01 ERROR boom", "   at Foo.bar", "<14>app: info", "<11>app: err");
        rig.Read(2).ShouldBe(["2026-11-29 10:00:01 ERROR boom", "   at Foo.bar", "<11>app: err"]);
        rig.Tail.EventsFiltered.ShouldBe(2);
    }

    [Theory]
    [InlineData("2026-11-29T10:00:00Z [main] INFO com.example.Debugger - started", LogLevel.Information)]
    [InlineData("info: My.Category[7]", LogLevel.Information)]
    [InlineData("dbug: My.Category[7]", LogLevel.Debug)]
    [InlineData("trce: x", LogLevel.Trace)]
    [InlineData("crit: x", LogLevel.Critical)]
    [InlineData("fail: x", LogLevel.Error)]
    [InlineData("[10:00:00 WRN] serilog", LogLevel.Warning)]
    [InlineData("time=10:00 level=debug msg=\"an error\"", LogLevel.Debug)]
    [InlineData("level=\"warn\" msg=x", LogLevel.Warning)]
    [InlineData("""{"time":1,"level":"error","msg":"DEBUG"}""", LogLevel.Error)]
    [InlineData("""{"msg":"TRACE","Severity":"Notice"}""", LogLevel.Information)]
    [InlineData("""{"level":20,"msg":"pino"}""", LogLevel.Debug)]
    [InlineData("""{"@t":"x","@l":"Fatal"}""", LogLevel.Critical)]
    [InlineData("""{"a":{"level":"debug"},"lvl":"ERR","cut":"bef""", LogLevel.Error)]
    [InlineData("<3>kernel: bad", LogLevel.Error)]
    [InlineData("<191>debug of local7", LogLevel.Debug)]
    [InlineData("<192>no priority", null)]
    [InlineData("<html> no priority", null)]
    [InlineData("an error in prose", null)]
    [InlineData("errors: 5", null)]
    [InlineData("LOG_DEBUG=1 INFO2", null)]
    [InlineData("", null)]
    [InlineData("{", null)]
    public void The_level_is_found_where_log_formats_have_it(string text, LogLevel? level) =>
        EventLevel.Of(Encoding.UTF8.GetBytes(text)).ShouldBe(level);

    [Fact]
    public void No_bytes_make_the_level_throw()
    {
        var random = new Random(20261130);
        byte[] alphabet = Encoding.UTF8.GetBytes("{}[]<>\"':,1234level=ERROR info\\\u00e9\n ");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = new byte[random.Next(40)];
            for (int j = 0; j < text.Length; j++)
            {
                text[j] = random.Next(20) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            Should.NotThrow(() => EventLevel.Of(text));
        }
    }

    [Fact]
    public void A_pattern_that_could_take_any_time_is_refused_with_the_cure()
    {
#pragma warning disable MA0009 // It is refused for that.
        var without = new Regex("a+b");
#pragma warning restore MA0009
        Should.Throw<ArgumentException>(() => EventFilter.Of(File() with { IncludeEvents = without })).Message.ShouldContain("NonBacktracking");
        Should.Throw<ArgumentException>(() => new FileGroup(File() with { MultiLine = new MultiLineOptions { Start = without } }, null, 1000)).Message
            .ShouldStartWith("MultiLine.Start 'a+b' has no match time-out");
        EventFilter.Of(File() with { ExcludeEvents = new Regex("a+b", RegexOptions.NonBacktracking) }).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => EventFilter.Of(File() with { MinimumLevel = (LogLevel)77 })).Message.ShouldContain("MinimumLevel");
    }

    [Fact]
    public void An_event_that_cannot_be_judged_in_time_is_shipped()
    {
        var slow = new Regex("^(?:a+)+$", RegexOptions.None, TimeSpan.FromTicks(1));
        byte[] text = Encoding.UTF8.GetBytes(new string('a', 40) + "!");
        EventFilter.Of(File() with { IncludeEvents = slow })!.Passes(text).ShouldBeTrue();
        EventFilter.Of(File() with { ExcludeEvents = slow })!.Passes(text).ShouldBeTrue();
    }

    [Fact]
    public void A_pattern_that_ran_into_its_time_out_twice_has_no_more_time_in_that_chunk_and_is_told_once()
    {
        var slow = new Regex(@"^(?:\w+[ .-]?)+:", RegexOptions.None, TimeSpan.FromMilliseconds(100));
        string evil = new string('a', 52) + "!";
        using var rig = new TailRig(files: f => f with { ExcludeEvents = slow });

        rig.Lines("app.log", "a:", evil, evil, "a:", evil, "b");
        rig.Read().ShouldBe([evil, evil, "a:", evil, "b"]);
        rig.Lines("app.log", "a:", evil, "c");

        rig.Read().ShouldBe([evil, "c"]);
        rig.Log.Entries.Where(static e => e.Id.Id == 267).ShouldHaveSingleItem().Text.ShouldContain("app.log");
    }

    [Fact]
    public void A_line_that_cannot_be_judged_in_time_starts_no_event_and_a_file_of_them_goes_on()
    {
        var slow = new Regex(@"^(?:\w+[ .-]?)+:", RegexOptions.None, TimeSpan.FromMilliseconds(100));
        string evil = new string('a', 52) + "!";
        using var rig = new TailRig(files: f => f with { MultiLine = new MultiLineOptions { Start = slow } });

        rig.Lines("app.log", ["a:", .. Enumerable.Repeat(evil, 1000)]);

        rig.Read(20).ShouldHaveSingleItem().Split('\n').Length.ShouldBe(1001);
    }

    private static LogFileOptions File() => new() { Path = "/x.log", Group = "g", Stream = "s" };

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(5));
}
