using System.Text;
using IotOps.Logs.Batching;
using IotOps.Logs.Spool;
using IotOps.Shared;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs.Tests.Spool;

public sealed class LogSpoolTests : IDisposable
{
    private static readonly LogDestination Destination = new("g", "s");

    private readonly TempDirectory _state = new();
    private readonly FaultyFileSystem _files = new();
    private readonly ManualTimeProvider _time = new();
    private readonly LogCounters _counters = new(new ManualTimeProvider(), "state");
    private readonly LogBuffers _buffers = new(64 << 20);

    public void Dispose()
    {
        _counters.Dispose();
        _state.Dispose();
    }

    [Fact]
    public void What_was_taken_outlives_a_process_that_is_killed()
    {
        // Abandoned without Dispose, as kill -9 does: nothing of it was in the process only.
        LogSpool killed = NewSpool();
        Write(killed, "one");
        Write(killed, "two");

        Texts(NewSpool()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void A_torn_last_record_is_cut_off_and_what_is_before_it_stays()
    {
        LogSpool killed = NewSpool();
        Write(killed, "one");
        Write(killed, "two");
        string path = Segments().Single();
        using (FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 1);
        }

        Texts(NewSpool()).ShouldBe(["one"]);
    }

    [Fact]
    public void A_spilled_segment_that_a_crash_left_incomplete_is_removed()
    {
        LogSpool killed = NewSpool();
        Write(killed, "one");
        string incomplete = Segments().Single() + ".next";
        File.WriteAllText(incomplete, "IOSPOOL");

        Texts(NewSpool()).ShouldBe(["one"]);

        File.Exists(incomplete).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(40)]
    public void A_segment_torn_in_its_header_held_nothing_and_is_removed(int length)
    {
        LogSpool killed = NewSpool();
        Write(killed, "one");
        using (FileStream file = File.Open(Segments().Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.SetLength(length);
        }

        Texts(NewSpool()).ShouldBeEmpty();
        Segments().ShouldBeEmpty();
    }

    [Fact]
    public void A_segment_whose_header_is_damaged_is_set_aside_for_people()
    {
        LogSpool killed = NewSpool();
        Write(killed, "one");
        string path = Segments().Single();
        using (FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 33;
            file.WriteByte(0xFF);
        }

        Texts(NewSpool()).ShouldBeEmpty();
        File.Exists(path + ".damaged").ShouldBeTrue();
    }

    [Fact]
    public void A_segment_that_shrank_on_the_disk_gives_what_is_left_and_counts_the_rest()
    {
        LogSpool spool = NewSpool();
        Write(spool, "one");
        Write(spool, "two");
        List<SpoolSegment> ready = [];
        spool.SealDue(TimeSpan.Zero, ready);
        using (FileStream file = File.OpenWrite(ready[0].Path))
        {
            file.SetLength(file.Length - 1);
        }

        using LogBatch batch = spool.Load(ready[0], _buffers)!;

        batch.Count.ShouldBe(1);
        _counters.Snapshot().EventsDropped.ShouldBe(1);
    }

    [Fact]
    public void Any_changed_byte_of_a_record_is_noticed()
    {
        LogSpool killed = NewSpool();
        Write(killed, "one");
        string path = Segments().Single();
        byte[] whole = ReadShared(path);
        int records = whole.Length - 3 - SpoolFormat.RecordHeaderBytes;
        for (int i = records; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x10;
            SpoolFormat.TryReadRecord(changed.AsSpan(records), 1, out _, out _, out _).ShouldBeFalse($"byte {i}");
        }
    }

    [Fact]
    public void Time_flags_and_text_come_back_as_they_were()
    {
        LogSpool spool = NewSpool();
        spool.TryAppend(Destination, -5, EventFlags.Arrival, "ä😀"u8, out bool began).ShouldBeTrue();
        began.ShouldBeTrue();

        using LogBatch batch = Load(NewSpool()).Single();

        batch.TimestampAt(0).ShouldBe(-5);
        batch.FlagsAt(0).ShouldBe(EventFlags.Arrival);
        Encoding.UTF8.GetString(batch.MessageAt(0)).ShouldBe("ä😀");
    }

    [Fact]
    public void A_segment_is_one_request_at_most()
    {
        LogSpool spool = NewSpool();
        for (int i = 0; i < 10_001; i++)
        {
            Write(spool, "x");
        }

        List<SpoolSegment> ready = [];
        spool.SealDue(TimeSpan.Zero, ready);
        ready.Select(s => s.Count).ShouldBe([10_000, 1]);
    }

    [Fact]
    public void A_segment_waits_for_the_flush_interval()
    {
        LogSpool spool = NewSpool();
        Write(spool, "x");
        List<SpoolSegment> ready = [];

        spool.SealDue(TimeSpan.FromSeconds(5), ready).ShouldBe(_time.GetTimestamp());
        ready.ShouldBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(5));
        spool.SealDue(TimeSpan.FromSeconds(5), ready).ShouldBeNull();
        ready.Count.ShouldBe(1);
    }

    [Fact]
    public void Over_the_limit_the_oldest_go_and_are_counted_exactly()
    {
        LogSpool spool = NewSpool(limit: 4 << 20);
        string text = new('x', 5000);
        for (int i = 0; i < 2_000; i++)
        {
            Write(spool, text + i.ToString("D5"));
        }

        spool.Bytes.ShouldBeLessThanOrEqualTo(4 << 20);
        new DirectoryInfo(_state["spool"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length).ShouldBe(spool.Bytes);
        long dropped = _counters.Snapshot().EventsDropped;
        string[] kept = Texts(NewSpool(limit: 4 << 20));
        kept.ShouldBe(Enumerable.Range((int)dropped, 2_000 - (int)dropped).Select(i => text + i.ToString("D5")));
    }

    [Fact]
    public void A_segment_that_a_lane_sends_is_not_dropped()
    {
        LogSpool spool = NewSpool(limit: 4 << 20);
        Write(spool, "first");
        List<SpoolSegment> ready = [];
        spool.SealDue(TimeSpan.Zero, ready);
        spool.TryTake(ready[0]).ShouldBeTrue();
        for (int i = 0; i < 10_000; i++)
        {
            Write(spool, new string('x', 1000));
        }

        File.Exists(ready[0].Path).ShouldBeTrue();
    }

    [Fact]
    public void A_full_disk_drops_the_event_counts_it_and_spares_the_others()
    {
        LogSpool spool = NewSpool();
        Write(spool, "one");
        _files.FreeBytes = 10;
        spool.TryAppend(Destination, 1, EventFlags.None, "torn"u8, out _).ShouldBeFalse();
        _files.FreeBytes = long.MaxValue;
        _time.Advance(TimeSpan.FromSeconds(1));
        Write(spool, "two");

        _counters.Snapshot().EventsDropped.ShouldBe(1);
        Texts(NewSpool()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void A_disk_that_refused_is_left_alone_for_a_second()
    {
        LogSpool spool = NewSpool();
        _files.FreeBytes = 0;
        spool.TryAppend(Destination, 1, EventFlags.None, "a"u8, out _).ShouldBeFalse();
        int writes = _files.Writes;

        spool.TryAppend(Destination, 1, EventFlags.None, "b"u8, out _).ShouldBeFalse();

        _files.Writes.ShouldBe(writes);
        _counters.Snapshot().EventsDropped.ShouldBe(2);
    }

    [Fact]
    public void A_spilled_batch_is_durable_keeps_its_positions_and_leaves_out_what_is_done()
    {
        LogSpool spool = NewSpool();
        using LogBatch batch = Batch("sent", "kept");
        batch.MarkDone(0);
        int flushes = _files.Flushes;

        spool.TrySpill(Destination, batch).ShouldNotBeNull();

        _files.Flushes.ShouldBeGreaterThan(flushes);
        SpoolSegment found = NewSpool().Recover().Single();
        found.Positions.ShouldBe([new SourcePosition(9, 1)]);
        found.Count.ShouldBe(1);
    }

    [Fact]
    public void A_position_keeps_its_time_and_the_journals_cursor()
    {
        LogSpool spool = NewSpool();
        using LogBatch batch = Batch("one");
        batch.Cover(10, 5, 1700000000000, "s=1;i=2;b=3");
        batch.Cover(11, 7);
        spool.TrySpill(Destination, batch).ShouldNotBeNull();

        NewSpool().Recover().Single().Positions.ShouldBe([new SourcePosition(9, 1), new SourcePosition(10, 5, 1700000000000, "s=1;i=2;b=3"), new SourcePosition(11, 7)]);
    }

    [Fact]
    public void A_segment_of_an_older_version_is_read_too()
    {
        // Version 1: positions of 16 bytes, without the time.
        byte[] header =
        [
            .. "IOSPOOL\n"u8, 1, 0, 0, 0, 54, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, .. "gs"u8,
            9, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0,
        ];
        uint sum = Crc32C.Append(Crc32C.Start, header);

        SpoolFormat.TryReadHeader(
            [.. header, .. BitConverter.GetBytes(sum)], out int length, out long sequence, out LogDestination destination, out SourcePosition[] positions)
            .ShouldBeTrue();

        (length, sequence, destination).ShouldBe((54, 7L, new LogDestination("g", "s")));
        positions.ShouldBe([new SourcePosition(9, 4)]);
    }

    [Fact]
    public void A_spill_that_the_disk_refuses_leaves_nothing_behind()
    {
        LogSpool spool = NewSpool();
        _files.FailRenames = true;
        using LogBatch batch = Batch("kept");

        spool.TrySpill(Destination, batch).ShouldBeNull();

        NewSpool().Recover().ShouldBeEmpty();
        Directory.GetFiles(_state["spool"], "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Events_that_cover_a_file_are_never_dropped_for_room()
    {
        LogSpool spool = NewSpool(limit: 4 << 20);
        using LogBatch batch = Batch("file");
        SpoolSegment spilled = spool.TrySpill(Destination, batch)!;
        for (int i = 0; i < 10_000; i++)
        {
            Write(spool, new string('x', 1000));
        }

        File.Exists(spilled.Path).ShouldBeTrue();
    }

    private LogSpool NewSpool(long limit = 256 << 20) =>
        new(_files, _state["spool"], limit, _time, _counters, NullLogger.Instance);

    private static void Write(LogSpool spool, string text) =>
        spool.TryAppend(Destination, 1, EventFlags.None, Encoding.UTF8.GetBytes(text), out _).ShouldBeTrue();

    private LogBatch Batch(params string[] texts)
    {
        var batch = new LogBatch(_buffers);
        foreach (string text in texts)
        {
            batch.TryAppend(1, EventFlags.None, Encoding.UTF8.GetBytes(text));
        }

        batch.Cover(9, 1);
        return batch;
    }

    private IEnumerable<LogBatch> Load(LogSpool spool) => spool.Recover().Select(segment => spool.Load(segment, _buffers)!);

    private string[] Texts(LogSpool spool)
    {
        List<string> texts = [];
        foreach (LogBatch batch in Load(spool))
        {
            for (int index = 0; index < batch.Count; index++)
            {
                texts.Add(Encoding.UTF8.GetString(batch.MessageAt(index)));
            }

            batch.Dispose();
        }

        return [.. texts];
    }

    private string[] Segments() => Directory.GetFiles(_state["spool"], "*.seg", SearchOption.AllDirectories);

    private static byte[] ReadShared(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
