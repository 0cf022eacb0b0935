using IotOps.TestKit;

namespace IotOps.Logs.Tests.Tail;

/// <summary>One file that the disk refuses to read: the others go on, and it goes on when the disk does.</summary>
public sealed class FileFaultTests
{
    private readonly FaultyFileSystem _disk = new();

    [Fact]
    public async Task A_known_file_that_cannot_be_read_at_the_start_holds_up_no_other()
    {
        using TailRig rig = Rig("*.log", "bad.log");
        rig.Lines("bad.log", "1", "2");
        rig.Lines("good.log", "1", "2");
        rig.Poll();
        await rig.CommitAsync();
        rig.Crash();
        _disk.FailReads = true;
        rig.Start();
        rig.Lanes.Taken.Clear();
        rig.Lines("bad.log", "bad 3");
        rig.Lines("good.log", "good 3");
        rig.Lines("new.log", "new 1");

        rig.Read(20).ShouldBe(["good 3", "new 1"], ignoreOrder: true);
        rig.Tail.FilesPending.ShouldBe(1);
        rig.Log.Entries.Count(e => e.Id.Id == 244 && e.Text.Contains("bad.log", StringComparison.Ordinal)).ShouldBe(1);

        _disk.FailReads = false;
        rig.Read(40).ShouldBe(["bad 3"]);
        rig.Tail.FilesPending.ShouldBe(0);
    }

    [Fact]
    public async Task A_fault_in_the_first_read_of_a_file_leaves_it_to_the_next_and_nothing_is_sent_twice()
    {
        using TailRig rig = Rig("*.log", "flaky.log");
        _disk.FailReads = true;
        rig.Lines("flaky.log", "a", "b");
        rig.Lines("other.log", "1");
        rig.Read(3).ShouldBe(["1"]);
        _disk.FailReads = false;
        rig.Poll(5);
        rig.Lines("flaky.log", "c");
        rig.Poll(2);
        rig.Lanes.Messages.ShouldBe(["a", "b", "c"]);
        await rig.CommitAsync();

        rig.Restart();

        rig.Lanes.Taken.Clear();
        rig.Checkpoint.Entries.Count.ShouldBe(2);
        rig.Read(3).ShouldBe(["1"]);
    }

    [Fact]
    public void A_file_read_from_its_end_that_faults_at_first_starts_at_its_end_later()
    {
        using var rig = new TailRig("*.log", static f => f with { Start = LogStart.End }, o => o with { FileSystem = _disk });
        _disk.Affects = static path => path.EndsWith("bad.log", StringComparison.Ordinal);
        _disk.FailReads = true;
        rig.Lines("bad.log", "old");
        rig.Lines("good.log", "old");
        rig.Read(3).ShouldBeEmpty();
        _disk.FailReads = false;
        rig.Read(10).ShouldBeEmpty();
        rig.Lines("bad.log", "new");
        rig.Lines("good.log", "new");
        rig.Read(3).ShouldBe(["new", "new"]);
    }

    [Fact]
    public void A_copy_that_cannot_be_read_at_once_is_where_the_rest_of_a_truncated_file_is_read_later()
    {
        using TailRig rig = Rig("app.log", "app.log.1");
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        rig.Lines("app.log", "3");
        _disk.FailReads = true;
        rig.CopyTruncate("app.log", "app.log.1");
        rig.Lines("app.log", "4");
        rig.Read(3).ShouldBe(["4"]);
        _disk.FailReads = false;
        rig.Read(12).ShouldBe(["3"]);
    }

    [Fact]
    public void An_original_that_cannot_be_read_does_not_make_its_copy_a_new_file()
    {
        using TailRig rig = Rig("app.log*", "app.log");
        rig.Lines("app.log", "1", "2");
        rig.Read().ShouldBe(["1", "2"]);
        _disk.FailReads = true;
        rig.Copy("app.log", "app.log.1");
        rig.Lines("app.log.new", "other");
        rig.Read(3).ShouldBe(["other"]);
        _disk.FailReads = false;
        rig.Read(3).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Whatever_reads_of_one_file_fail_the_events_of_the_others_are_the_same(int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            (string[] others, string[] bad) expected = await RunAsync(seed, faulty: false);
            (string[] others, string[] bad) got = await RunAsync(seed, faulty: true);

            got.others.ShouldBe(expected.others, $"seed {seed}");
            got.bad.ShouldBe(expected.bad, $"seed {seed}");
        }
    }

    private static async Task<(string[] Others, string[] Bad)> RunAsync(int seed, bool faulty)
    {
        var random = new Random(seed);
        var faults = new Random(seed + 1);
        bool healthy = !faulty;
        var disk = new FaultyFileSystem { FailReads = true, FailOpens = true };
        disk.Affects = path => !healthy && Path.GetFileName(path).StartsWith("bad", StringComparison.Ordinal) && faults.Next(3) == 0;
        using var rig = new TailRig("*.log*", static f => f with { Stream = "{file}" }, o => o with { FileSystem = disk });
        List<string> events = [];
        int line = 0;
        for (int step = 0; step < 40; step++)
        {
            string name = ((string[])["bad", "a", "app"])[random.Next(3)];
            switch (random.Next(8))
            {
                case < 4:
                    rig.Lines(name + ".log", $"{name} {line++}");
                    break;
                case 4 when File.Exists(rig[name + ".log"]):
                    // A name that no later one takes over, so that no generation is lost to either run.
                    rig.Rename(name + ".log", $"{name}.log.{100 + step}");
                    break;
                case 5:
                    rig.Poll(2);
                    await rig.CommitAsync();
                    events.AddRange(rig.Lanes.Messages);
                    rig.Lanes.Taken.Clear();
                    rig.Restart();
                    break;
                default:
                    rig.Poll(random.Next(1, 4));
                    break;
            }
        }

        healthy = true;
        rig.Poll(60);
        events.AddRange(rig.Lanes.Messages);
        return ([.. events.Where(static e => !IsBad(e)).Order(StringComparer.Ordinal)], [.. events.Where(IsBad).Order(StringComparer.Ordinal)]);

        static bool IsBad(string text) => text.StartsWith("bad", StringComparison.Ordinal);
    }

    private TailRig Rig(string pattern, string bad)
    {
        _disk.Affects = path => Path.GetFileName(path) == bad;
        return new TailRig(pattern, options: o => o with { FileSystem = _disk });
    }
}
