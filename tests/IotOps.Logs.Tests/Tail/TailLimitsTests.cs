using IotOps.Logs.Checkpoints;
using IotOps.Logs.Tail;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Tail;

public sealed class TailLimitsTests
{
    [Fact]
    public void Five_thousand_files_are_read_with_256_descriptors()
    {
        using var rig = new TailRig("*.log", static f => f with { Stream = "{file}" });
        for (int round = 1; round <= 2; round++)
        {
            for (int i = 0; i < 5000; i++)
            {
                rig.Lines($"{i}.log", $"{i} {round}");
            }

            rig.Read().Length.ShouldBe(5000);
            rig.Tail.OpenFileCount.ShouldBeLessThanOrEqualTo(256);
        }
    }

    [Fact]
    public void A_long_file_without_a_line_end_is_read_in_bounded_memory()
    {
        const int Length = 128 << 20;
        using var rig = new TailRig();
        using (FileStream file = File.Create(rig["app.log"]))
        {
            byte[] block = new byte[1 << 20];
            block.AsSpan().Fill((byte)'x');
            for (int i = 0; i < Length; i += block.Length)
            {
                file.Write(block);
            }
        }

        rig.Lanes.Keeps = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        rig.Poll();
        rig.Lanes.Count.ShouldBe(Length / (1_048_576 - 26));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
    }

    [Fact]
    public void Reading_allocates_nothing_for_a_line()
    {
        using var rig = new TailRig(files: static f => f with { Timestamp = LogTimestampOptions.Iso8601 });
        rig.Lanes.Keeps = false;
        string lines = string.Concat(Enumerable.Repeat("2023-10-01T12:00:00.123Z " + new string('x', 174) + "\n", 50_000));
        rig.Write("app.log", lines);
        rig.Poll();
        rig.Write("app.log", lines);
        long before = GC.GetAllocatedBytesForCurrentThread();
        rig.Poll();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000);
        rig.Lanes.Count.ShouldBe(100_000);
    }

    [Fact]
    public void A_look_at_files_that_rest_allocates_next_to_nothing()
    {
        using var rig = new TailRig("*.log");
        for (int i = 0; i < 20; i++)
        {
            rig.Lines($"{i}.log", "x");
        }

        rig.Poll(3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            rig.Tail.Poll(rig.Lanes);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(40_000);
    }

    [Fact]
    public async Task A_change_is_told_at_once()
    {
        using var directory = new TempDirectory();
        using var state = new TempDirectory();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new LogShipperOptions
        {
            StateDirectory = state.Path,
            Region = "us-east-1",
            PollInterval = TimeSpan.FromHours(1),
            Files = [new LogFileOptions { Path = directory["*.log"], Group = "g", Stream = "s" }],
        };
        using var checkpoint = new CheckpointStore(state.Path, options.FileSystem, new RecordingLogger());
        using var tail = new LogTail(options, checkpoint, new RecordingLogger(), () => told.TrySetResult());
        var lanes = new FakeSinks();
        tail.Poll(lanes);
        told.Task.IsCompleted.ShouldBeFalse();
        await File.AppendAllTextAsync(directory["app.log"], "x\n");
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        TailPoll poll = tail.Poll(lanes);
        while (lanes.Taken.Count == 0)
        {
            await Task.Delay(poll.NextPoll < TimeSpan.FromSeconds(1) ? poll.NextPoll : TimeSpan.FromMilliseconds(20), TimeProvider.System);
            poll = tail.Poll(lanes);
        }

        lanes.Messages.ShouldBe(["x"]);
    }
}
