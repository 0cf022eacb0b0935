using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class AppendJournalTests : IDisposable
{
    private static readonly JournalFormat Format = new("IOTTEST1", maxContentBytes: 1000);

    private readonly TempDirectory _directory = new(inMemory: true);
    private readonly FaultyFileSystem _disk = new();

    private string Target => _directory["journal"];

    [Fact]
    public void Committed_records_are_replayed_in_their_order()
    {
        using (AppendJournal journal = Open(out _))
        {
            Commit(journal, "a", "b");
            Commit(journal, "c");
            journal.Sequence.ShouldBe(3);
        }

        using AppendJournal again = Open(out List<string> records);
        records.ShouldBe(["a", "b", "c"]);
        Commit(again, "d");
        again.Dispose();
        Records().ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public void Records_without_a_commit_do_not_count()
    {
        using AppendJournal journal = Open(out _);
        Commit(journal, "a");
        journal.Add("b"u8);
        journal.HasBatch.ShouldBeTrue();
        journal.DropBatch();
        journal.HasBatch.ShouldBeFalse();
        journal.NextSequence.ShouldBe(2);
        Commit(journal, "c");
        journal.Add("d"u8);
        journal.Dispose();
        Records().ShouldBe(["a", "c"]);
    }

    [Fact]
    public void A_batch_is_one_write_and_one_flush_or_none()
    {
        using AppendJournal journal = Open(out _);
        int writes = _disk.Writes, flushes = _disk.Flushes;
        Commit(journal, "a", "b", "c");
        (_disk.Writes - writes, _disk.Flushes - flushes).ShouldBe((1, 1));

        journal.Add("d"u8);
        journal.Commit(flush: false);
        (_disk.Writes - writes, _disk.Flushes - flushes).ShouldBe((2, 1));
        journal.Flush();
        (_disk.Writes - writes, _disk.Flushes - flushes).ShouldBe((2, 2));
        journal.Commit(flush: true);
        (_disk.Writes - writes, _disk.Flushes - flushes).ShouldBe((2, 2));
    }

    [Fact]
    public void Any_torn_end_costs_the_records_it_reaches_into_and_is_reported()
    {
        long[] ends = Fill("first", "second", "third");
        byte[] whole = File.ReadAllBytes(Target);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Target, whole[..length]);
            using AppendJournal journal = Open(out List<string> records, out JournalDamage? damage);
            int count = ends.Count(end => end <= length);
            records.ShouldBe(new[] { "first", "second", "third" }.Take(count), $"length {length}");
            bool isClean = length == JournalFormat.HeaderBytes || ends.Contains(length);
            journal.IsWritable.ShouldBe(isClean, $"length {length}");
            if (isClean)
            {
                damage.ShouldBeNull($"length {length}");
            }
            else
            {
                long good = length < JournalFormat.HeaderBytes ? 0 : count == 0 ? JournalFormat.HeaderBytes : ends[count - 1];
                damage.ShouldBe(new JournalDamage(good, length - good, length > JournalFormat.HeaderBytes), $"length {length}");
            }
        }
    }

    [Fact]
    public void Any_flipped_bit_ends_the_replay_before_its_record_and_is_reported()
    {
        long[] ends = Fill("first", "second", "third");
        byte[] whole = File.ReadAllBytes(Target);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Target, flipped);
            using AppendJournal journal = Open(out List<string> records, out JournalDamage? damage);
            int count = bit / 8 < JournalFormat.HeaderBytes ? 0 : ends.Count(end => end <= bit / 8);
            records.ShouldBe(new[] { "first", "second", "third" }.Take(count), $"bit {bit}");
            damage.ShouldNotBeNull($"bit {bit}");
            damage.Value.IsTornEnd.ShouldBe(count == 2, $"bit {bit}");
            Should.Throw<InvalidOperationException>(() => journal.Add("x"u8)).Message.ShouldContain(Target);
        }
    }

    [Fact]
    public void A_record_of_another_generation_or_out_of_sequence_is_damage()
    {
        Fill("first", "second");
        byte[] whole = File.ReadAllBytes(Target);
        int first = JournalFormat.HeaderBytes;
        int second = first + JournalFormat.RecordHeaderBytes + "first".Length;

        File.WriteAllBytes(Target, [.. whole, .. whole[first..second]]);
        Open(out List<string> repeated, out JournalDamage? damage).Dispose();
        repeated.ShouldBe(["first", "second"]);
        damage!.Value.Offset.ShouldBe(whole.Length);

        File.WriteAllBytes(Target, [.. Format.Header(generation: 2, flags: 0), .. whole[first..]]);
        Open(out List<string> recycled, out damage).Dispose();
        recycled.ShouldBeEmpty();
        damage!.Value.Offset.ShouldBe(JournalFormat.HeaderBytes);
    }

    [Fact]
    public void Compaction_keeps_only_the_live_records_and_takes_more()
    {
        using AppendJournal journal = Open(out _);
        Commit(journal, [.. Enumerable.Range(0, 1000).Select(static i => new string('x', 200) + i)]);
        journal.Add("not committed"u8);
        journal.Compact(Live("a", "b"));
        (journal.Generation, journal.Sequence).ShouldBe((2, 2));
        journal.Length.ShouldBe(new FileInfo(Target).Length);
        journal.Length.ShouldBeLessThan(100);
        Commit(journal, "c");
        journal.Dispose();
        Records().ShouldBe(["a", "b", "c"]);
        Directory.GetFiles(_directory.Path).ShouldBe([Target]);
    }

    [Fact]
    public void Compaction_writes_more_than_memory_should_hold_in_pieces()
    {
        using AppendJournal journal = Open(out _);
        int writes = _disk.Writes;
        string[] records = [.. Enumerable.Range(0, 1000).Select(static i => new string('x', 500) + i)];
        journal.Compact(Live(records));
        (_disk.Writes - writes).ShouldBeInRange(8, 10);
        journal.Dispose();
        Records().ShouldBe(records);
    }

    [Fact]
    public void Compaction_makes_a_damaged_journal_writable()
    {
        Fill("first", "second");
        byte[] whole = File.ReadAllBytes(Target);
        File.WriteAllBytes(Target, whole[..^1]);
        using AppendJournal journal = Open(out List<string> records);
        journal.Compact(Live([.. records]));
        Commit(journal, "third");
        journal.Dispose();
        Records().ShouldBe(["first", "third"]);
    }

    [Fact]
    public void A_write_that_fails_counts_for_nothing_and_closes_the_file_to_records()
    {
        using AppendJournal journal = Open(out _);
        Commit(journal, "a");
        _disk.FreeBytes = 10;
        Should.Throw<IOException>(() => Commit(journal, "b"));
        _disk.FreeBytes = long.MaxValue;
        journal.IsWritable.ShouldBeFalse();
        (journal.Sequence, journal.Length).ShouldBe((1, new FileInfo(Target).Length));
        journal.Compact(Live("a"));
        Commit(journal, "c");
        journal.Dispose();
        Records().ShouldBe(["a", "c"]);
    }

    [Fact]
    public void A_flush_that_fails_takes_back_what_was_written()
    {
        using AppendJournal journal = Open(out _);
        Commit(journal, "a");
        _disk.FailFlushes = true;
        Should.Throw<IOException>(() => Commit(journal, "b"));
        _disk.FailFlushes = false;
        journal.IsWritable.ShouldBeFalse();
        journal.Dispose();
        Records().ShouldBe(["a"]);
    }

    [Fact]
    public void A_disk_without_room_for_a_compaction_still_takes_records()
    {
        using AppendJournal journal = Open(out _);
        Commit(journal, "a", "b");
        _disk.FreeBytes = 30;
        Should.Throw<IOException>(() => journal.Compact(Live("b")));
        journal.IsWritable.ShouldBeTrue();
        _disk.FreeBytes = long.MaxValue;
        Commit(journal, "c");
        journal.Dispose();
        Records().ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void A_compaction_that_cannot_rename_leaves_the_old_file_and_can_be_tried_again()
    {
        using AppendJournal journal = Open(out _);
        Commit(journal, "a", "b");
        _disk.FailRenames = true;
        Should.Throw<IOException>(() => journal.Compact(Live("b")));
        journal.IsWritable.ShouldBeFalse();
        Records().ShouldBe(["a", "b"]);
        _disk.FailRenames = false;
        journal.Compact(Live("b"));
        journal.Generation.ShouldBe(3);
        journal.Dispose();
        Records().ShouldBe(["b"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void A_record_is_not_empty_and_not_longer_than_the_format_allows(int length)
    {
        using AppendJournal journal = Open(out _);
        Should.Throw<ArgumentException>(() => journal.Add(new byte[length])).Message.ShouldContain("1 to 1000 bytes");
        journal.HasBatch.ShouldBeFalse();
        Commit(journal, "a");
        journal.Dispose();
        Records().ShouldBe(["a"]);
    }

    [Fact]
    public void Every_acknowledged_record_survives_whatever_the_disk_refuses()
    {
        Gen<(int Action, int Size, int Room)[]> steps =
            (from action in Gen.Choose(0, 5)
             from size in Gen.Choose(1, 300)
             from room in Gen.Choose(0, 800)
             select (action, size, room)).ArrayOf();
        Prop.ForAll(Arb.From(steps), static actions =>
        {
            using var test = new AppendJournalTests();
            test.Play(actions);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    public void Dispose() => _directory.Dispose();

    private void Play((int Action, int Size, int Room)[] actions)
    {
        List<string> acknowledged = [];
        AppendJournal journal = Open(out _);
        for (int i = 0; i < actions.Length; i++)
        {
            (int action, int size, int room) = actions[i];
            _disk.FreeBytes = action == 1 ? room : long.MaxValue;
            _disk.FailFlushes = action == 2;
            _disk.FailRenames = action == 3;
            try
            {
                if (action >= 4)
                {
                    journal.Dispose();
                    journal = Open(out List<string> found, out JournalDamage? damage);
                    found.ShouldBe(acknowledged);
                    damage.ShouldBeNull();
                }

                if (!journal.IsWritable || size % 4 == 0)
                {
                    journal.Compact(Live([.. acknowledged]));
                }

                string[] records = [new string('a', size) + i, "b" + i];
                Commit(journal, records);
                acknowledged.AddRange(records);
            }
            catch (IOException)
            {
                // Said so: nothing of it counts.
            }
        }

        journal.Dispose();
        Records().ShouldBe(acknowledged);
    }

    private long[] Fill(params string[] records)
    {
        using AppendJournal journal = Open(out _);
        List<long> ends = [];
        foreach (string record in records)
        {
            Commit(journal, record);
            ends.Add(journal.Length);
        }

        return [.. ends];
    }

    private static void Commit(AppendJournal journal, params string[] records)
    {
        foreach (string record in records)
        {
            journal.Add(Encoding.UTF8.GetBytes(record));
        }

        journal.Commit(flush: true);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Live(params string[] records) =>
        records.Select(static record => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(record));

    private AppendJournal Open(out List<string> records) => Open(out records, out _);

    private AppendJournal Open(out List<string> records, out JournalDamage? damage)
    {
        List<string> found = [];
        AppendJournal journal = AppendJournal.Open(_disk, Target, Format, content => found.Add(Encoding.UTF8.GetString(content)), out damage);
        records = found;
        return journal;
    }

    private List<string> Records()
    {
        Open(out List<string> records).Dispose();
        return records;
    }
}
