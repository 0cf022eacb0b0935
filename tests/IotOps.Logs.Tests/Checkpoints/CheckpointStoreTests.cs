using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Tests.Tail;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FaultyFileSystem _disk = new();
    private readonly RecordingLogger _log = new();

    private string Current => _directory["checkpoint"];

    private string Previous => _directory["checkpoint.previous"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_saved_is_there_after_a_restart()
    {
        CheckpointEntry entry = Entry(1) with
        {
            Path = "/var/log/ž \"x\".log",
            Target = "/data/x",
            Identity = new FileIdentity(long.MaxValue, -1),
            IsRotated = true,
            Mark = new WindowMark(7, Fingerprint.Of("abc"u8)),
            ModifiedNs = 123,
        };
        using (CheckpointStore store = Open())
        {
            store.IsKnown("/p").ShouldBeFalse();
            store.AddPattern("/p");
            store.Add(entry);
            store.Save();
        }

        using CheckpointStore again = Open();
        again.Entries.ShouldBe([entry]);
        again.IsKnown("/p").ShouldBeTrue();
    }

    [Fact]
    public async Task A_position_only_moves_forward_and_an_unknown_source_is_ignored()
    {
        using CheckpointStore store = Open();
        store.Add(Entry(1));
        await CommitAsync(store, 1, 50);
        await CommitAsync(store, 1, 40);
        await CommitAsync(store, 99, 40);
        store.CommittedOffset(1).ShouldBe(50);
        store.CommittedOffset(99).ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task A_commit_that_changes_nothing_writes_nothing()
    {
        using CheckpointStore store = Open();
        store.Add(Entry(1));
        await CommitAsync(store, 1, 50);
        int writes = _disk.Writes;
        await CommitAsync(store, 1, 50);
        store.Save();
        _disk.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task Commits_that_come_during_a_write_share_the_next_one()
    {
        using CheckpointStore store = Open();
        for (int id = 1; id <= 20; id++)
        {
            store.Add(Entry(id));
        }

        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _disk.Affects = _ =>
        {
            entered.Set();
            release.Wait();
            return true;
        };
        int writes = _disk.Writes;
        Task first = Task.Run(() => CommitAsync(store, 1, 1));
        entered.Wait();
        Task[] others = [.. Enumerable.Range(2, 19).Select(id => CommitAsync(store, id, id))];
        release.Set();
        await Task.WhenAll([first, .. others]);
        (_disk.Writes - writes).ShouldBe(2);
        store.Dispose();
        using CheckpointStore again = Open();
        again.Entries.ShouldAllBe(static e => e.Offset == e.Id);
    }

    [Fact]
    public async Task A_full_disk_keeps_the_last_checkpoint_and_the_next_write_takes_everything_along()
    {
        using (CheckpointStore store = Open())
        {
            store.Add(Entry(1));
            await CommitAsync(store, 1, 10);
            _disk.FreeBytes = 20;
            await Should.ThrowAsync<IOException>(() => CommitAsync(store, 1, 20));
            await Should.ThrowAsync<IOException>(() => CommitAsync(store, 1, 20));
            store.Failures.ShouldBe(2);
        }

        using (CheckpointStore store = Open())
        {
            store.CommittedOffset(1).ShouldBe(10);
            await Should.ThrowAsync<IOException>(() => CommitAsync(store, 1, 30));
            _disk.FreeBytes = long.MaxValue;
            await CommitAsync(store, 1, 30);
        }

        using CheckpointStore last = Open();
        last.CommittedOffset(1).ShouldBe(30);
    }

    [Fact]
    public async Task A_refused_rename_loses_nothing_that_was_safe()
    {
        using (CheckpointStore store = Open())
        {
            store.Add(Entry(1));
            await CommitAsync(store, 1, 10);
            _disk.FailRenames = true;
            await Should.ThrowAsync<IOException>(() => CommitAsync(store, 1, 20));
            _disk.FailRenames = false;
        }

        using CheckpointStore again = Open();
        again.CommittedOffset(1).ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public async Task A_crash_between_the_two_renames_finds_the_newest_whole_one()
    {
        using (CheckpointStore store = Open())
        {
            store.Add(Entry(1));
            await CommitAsync(store, 1, 10);
            await CommitAsync(store, 1, 20);
        }

        File.Move(Current, _directory["checkpoint.next"]);
        using CheckpointStore again = Open();
        again.CommittedOffset(1).ShouldBe(20);
        _log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_checkpoint_falls_back_to_the_one_before_and_says_so()
    {
        await WriteTwoAsync();
        byte[] bytes = File.ReadAllBytes(Current);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Current, bytes);

        using CheckpointStore store = Open();
        store.CommittedOffset(1).ShouldBe(10);
        _log.Entries.ShouldHaveSingleItem().Id.Id.ShouldBe(251);
        File.ReadAllBytes(_directory["checkpoint.corrupt"]).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_checkpoint_cut_anywhere_is_never_taken_for_whole()
    {
        await WriteTwoAsync();
        byte[] bytes = File.ReadAllBytes(Current);
        byte[] previous = File.ReadAllBytes(Previous);
        for (int length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(Current, bytes[..length]);
            File.WriteAllBytes(Previous, previous);
            using CheckpointStore store = Open();
            store.CommittedOffset(1).ShouldBe(10);
        }
    }

    [Fact]
    public async Task When_none_can_be_read_every_file_counts_as_seen_before_so_that_none_is_skipped()
    {
        await WriteTwoAsync();
        File.WriteAllText(Current, "{}");
        File.WriteAllText(Previous, "nonsense");
        using CheckpointStore store = Open();
        store.Entries.ShouldBeEmpty();
        store.IsKnown("/anything").ShouldBeTrue();
        _log.Entries.Select(static e => e.Id.Id).ShouldBe([251, 251, 252]);
    }

    [Fact]
    public void An_id_is_never_given_twice_even_when_it_was_not_saved()
    {
        long last;
        using (CheckpointStore store = Open())
        {
            store.AddPattern("/p");
            store.Save();
            last = Enumerable.Range(0, 100).Select(_ => store.NewId()).Last();
        }

        using CheckpointStore again = Open();
        again.NewId().ShouldBeGreaterThan(last);
    }

    [Fact]
    public void Two_shippers_cannot_share_a_state_directory()
    {
        using CheckpointStore store = Open();
        Should.Throw<IOException>(Open).Message.ShouldContain("another log shipper");
    }

    private static CheckpointEntry Entry(long id) => new()
    {
        Id = id,
        Pattern = "/p",
        Path = "/p",
        Identity = new FileIdentity(1, id),
        Head = Fingerprint.Of("head"u8),
        Offset = 0,
        Destination = new LogDestination("g", "s"),
    };

    private static Task CommitAsync(CheckpointStore store, long id, long offset) =>
        store.CommitAsync([new SourcePosition(id, offset)], CancellationToken.None);

    private async Task WriteTwoAsync()
    {
        using CheckpointStore store = Open();
        store.Add(Entry(1));
        await CommitAsync(store, 1, 10);
        await CommitAsync(store, 1, 20);
    }

    private CheckpointStore Open() => new(_directory.Path, _disk, _log);
}
