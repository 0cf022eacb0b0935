using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Logs.Batching;
using IotOps.Logs.Lanes;
using IotOps.Logs.Tail;

namespace IotOps.Logs.Tests.Lanes;

public sealed class LogBatcherTests
{
    private readonly LogBatcher _batcher = new(new LogBuffers(64 << 20));

    [Fact]
    public void A_batch_takes_1_048_576_bytes_and_not_one_more()
    {
        Append(524_288 - 26);
        Append(524_288 - 26).ShouldBe(BatcherAnswer.Taken);
        _batcher.ServiceBytes.ShouldBe(1_048_576);

        Append(1).ShouldBe(BatcherAnswer.Full);
    }

    [Fact]
    public void An_event_that_is_one_byte_too_long_for_the_rest_waits()
    {
        Append(524_288 - 26);
        Append(524_288 - 25).ShouldBe(BatcherAnswer.Full);
        Append(524_288 - 26).ShouldBe(BatcherAnswer.Taken);
    }

    [Fact]
    public void A_batch_takes_10_000_events_and_not_one_more()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Append(1).ShouldBe(BatcherAnswer.Taken);
        }

        Append(1).ShouldBe(BatcherAnswer.Full);
    }

    [Fact]
    public void The_largest_event_fits_alone_and_a_larger_one_is_the_callers_bug()
    {
        Append(1_048_576 - 26).ShouldBe(BatcherAnswer.Taken);
        _batcher.Take()!.Dispose();

        Should.Throw<ArgumentException>(() => Append(1_048_576 - 25)).Message.ShouldContain("1048551");
    }

    [Fact]
    public void Events_of_100_bytes_fill_8322_to_a_request()
    {
        while (Append(100) == BatcherAnswer.Taken)
        {
        }

        _batcher.Count.ShouldBe(8322);
    }

    [Fact]
    public void Characters_of_four_bytes_count_as_four()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("😀", 262_137)));
        text.Length.ShouldBe(1_048_548);

        Append(text).ShouldBe(BatcherAnswer.Taken);

        _batcher.ServiceBytes.ShouldBe(1_048_574);
    }

    [Fact]
    public void The_next_batch_begins_where_the_last_ended()
    {
        Append("a"u8, 1);
        LogBatch first = _batcher.Take()!;
        Append("b"u8, 2);
        LogBatch second = _batcher.Take()!;

        first.Positions.ShouldBe([new SourcePosition(7, 1, 5)]);
        second.Positions.ShouldBe([new SourcePosition(7, 2, 5)]);
        _batcher.Take().ShouldBeNull();
    }

    [Fact]
    public void Sources_that_take_turns_are_each_covered_to_their_last_event()
    {
        Append("a"u8, 1, source: 1);
        Append("b"u8, 2, source: 1);
        Append("c"u8, 9, source: 2);
        Append("d"u8, 3, source: 1);

        _batcher.Take()!.Positions.ShouldBe([new(1, 2, 5), new(2, 9, 5), new(1, 3, 5)]);
    }

    [Fact]
    public void Without_memory_an_event_is_refused_and_what_is_there_stays()
    {
        var batcher = new LogBatcher(new LogBuffers(1024));
        Append("small"u8, 1, batcher: batcher).ShouldBe(BatcherAnswer.Taken);

        Append(new byte[5000], 2, batcher: batcher).ShouldBe(BatcherAnswer.NoMemory);

        batcher.Count.ShouldBe(1);
    }

    [Fact]
    public void Whatever_the_sizes_no_limit_is_passed_and_the_order_stays()
    {
        var sizes = Gen.Frequency((8, Gen.Choose(1, 300)), (1, Gen.Choose(10_000, 400_000)), (1, Gen.Choose(1_048_000, 1_048_550)));
        Prop.ForAll(sizes.ListOf().ToArbitrary(), list =>
        {
            var batcher = new LogBatcher(new LogBuffers(64 << 20));
            List<int> seen = [];
            for (int i = 0; i < list.Count; i++)
            {
                byte[] message = new byte[list[i]];
                if (Append(message, i + 1, batcher: batcher) == BatcherAnswer.Full)
                {
                    Check(batcher, seen);
                    Append(message, i + 1, batcher: batcher).ShouldBe(BatcherAnswer.Taken);
                }
            }

            Check(batcher, seen);
            seen.ShouldBe(list);
        }).QuickCheckThrowOnFailure();
    }

    private static void Check(LogBatcher batcher, List<int> seen)
    {
        if (batcher.Take() is not { } batch)
        {
            return;
        }

        batch.ServiceBytes.ShouldBeLessThanOrEqualTo(1_048_576);
        batch.Count.ShouldBeLessThanOrEqualTo(10_000);
        int bytes = 0;
        for (int index = 0; index < batch.Count; index++)
        {
            seen.Add(batch.MessageAt(index).Length);
            bytes += batch.MessageAt(index).Length + 26;
        }

        bytes.ShouldBe(batch.ServiceBytes);
        batch.Positions[^1].Offset.ShouldBe(seen.Count);
        batch.Dispose();
    }

    private BatcherAnswer Append(int bytes) => Append(new byte[bytes]);

    private BatcherAnswer Append(ReadOnlySpan<byte> message, long end = 1, long source = 7, LogBatcher? batcher = null) =>
        (batcher ?? _batcher).TryAppend(
            new TailedEvent { SourceId = source, EndOffset = end, Timestamp = 5, Message = message }, timestamp: 5, now: 0);
}
