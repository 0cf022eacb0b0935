using System.Security.Cryptography;
using System.Text;
using IotOps.Shadow.Store;
using IotOps.TestKit;

namespace IotOps.Shadow.Tests.Store;

public sealed class EncryptionTests : IAsyncLifetime
{
    private const string Secret = "a secret nobody may read";

    private readonly ShadowFixture _device = new();
    private readonly TestLogger _log = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task Nothing_of_the_state_is_readable_and_all_of_it_comes_back()
    {
        for (int i = 0; i < 3; i++)
        {
            await OpenAsync(_key);
            await _device.Shadow.Reported.SetAsync("n" + i, Secret);
        }

        await _device.CloseAsync();
        foreach (string file in Directory.GetFiles(_device.Directory))
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)).ShouldBe(-1, file);
        }

        await OpenAsync(_key);
        _device.Shadow.Reported.Value.Names.ShouldBe(["n0", "n1", "n2"]);
    }

    [Fact]
    public async Task Another_key_does_not_open_it_and_harms_nothing()
    {
        await OpenAsync(_key);
        await _device.Shadow.Reported.SetAsync("a", Secret);
        await _device.CloseAsync();
        Should.Throw<InvalidOperationException>(() => new ShadowCache(_device.Options() with { EncryptionKey = new byte[32] }))
            .Message.ShouldContain("does not open with this EncryptionKey");
        Should.Throw<InvalidOperationException>(() => new ShadowCache(_device.Options())).Message.ShouldContain("is encrypted");

        await OpenAsync(_key);
        _device.Shadow.Reported["a"].ShouldBe(Secret);
        _device.Cache.Damage.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_may_be_added_and_nothing_stays_readable()
    {
        for (int i = 0; i < 2; i++)
        {
            await _device.OpenAsync();
            await _device.Shadow.Reported.SetAsync("n" + i, Secret);
        }

        // As after a power cut between a snapshot's flush and its rename.
        await _device.CloseAsync();
        File.Copy(Path.Combine(_device.Directory, "shadow.json"), Path.Combine(_device.Directory, "shadow.json.next"));
        await _device.OpenAsync(options => options with { EncryptionKey = _key, MigratePlainState = true, LoggerFactory = _log });
        _device.Shadow.Reported.Value.Count.ShouldBe(2);
        _log.Count(616).ShouldBe(1);
        foreach (string file in Directory.GetFiles(_device.Directory).Where(static path => Path.GetFileName(path) != "lock"))
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)).ShouldBe(-1, file);
        }

        await OpenAsync(_key);
        _device.Shadow.Reported.Value.Count.ShouldBe(2);
        await _device.Shadow.Reported.SetAsync("b", 1);
        await OpenAsync(_key);
        _device.Shadow.Reported.Value.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Plain_state_is_refused_where_there_is_a_key()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("lock/open", 666);
        await _device.CloseAsync();
        InvalidOperationException refusal = Should.Throw<InvalidOperationException>(() => new ShadowCache(_device.Options() with { EncryptionKey = _key }));
        refusal.Message.ShouldContain("MigratePlainState");
        refusal.Message.ShouldContain(_device.Directory);

        // Nothing was touched: without the key it is as it was.
        await _device.OpenAsync();
        _device.Shadow.Reported["lock/open"].ShouldBe(666);
    }

    [Theory]
    [InlineData("shadow.json")]
    [InlineData("shadow.json.previous")]
    [InlineData("journal.0000000001")]
    public async Task Each_kind_of_plain_state_is_refused_by_itself(string file)
    {
        for (int i = 0; i < 2; i++)
        {
            await _device.OpenAsync();
            await _device.Shadow.Reported.SetAsync("a", i);
        }

        await _device.CloseAsync();
        foreach (string path in Directory.GetFiles(_device.Directory).Where(path => Path.GetFileName(path) != file && Path.GetFileName(path) != "lock"))
        {
            File.Delete(path);
        }

        File.Exists(Path.Combine(_device.Directory, file)).ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => new ShadowCache(_device.Options() with { EncryptionKey = _key }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Plain_state_laid_beside_encrypted_state_is_never_taken(bool mayMigrate)
    {
        for (int i = 0; i < 2; i++)
        {
            await OpenAsync(_key);
            await _device.Shadow.Reported.SetAsync("lock/open", 1);
        }

        await _device.CloseAsync();

        // Made elsewhere, by somebody without the key, and of a higher generation.
        await using (var stranger = new ShadowFixture())
        {
            for (int i = 0; i < 9; i++)
            {
                await stranger.OpenAsync();
                await stranger.Shadow.Reported.SetAsync("lock/open", 666 + i);
            }

            await stranger.CloseAsync();
            foreach (string file in Directory.GetFiles(stranger.Directory).Where(static path => Path.GetFileName(path) != "lock"))
            {
                File.Copy(file, Path.Combine(_device.Directory, Path.GetFileName(file)), overwrite: false);
            }
        }

        await _device.OpenAsync(options => options with { EncryptionKey = _key, MigratePlainState = mayMigrate, LoggerFactory = _log });
        _device.Shadow.Reported["lock/open"].ShouldBe(1);
        _log.Count(617).ShouldBe(1);
        await _device.Shadow.Reported.SetAsync("lock/open", 2);
        Directory.GetFiles(_device.Directory, "shadow.json*").ShouldBeEmpty();
        await OpenAsync(_key);
        _device.Shadow.Reported["lock/open"].ShouldBe(2);
    }

    [Fact]
    public async Task A_migration_that_was_cut_off_goes_on_and_loses_nothing()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.CloseAsync();
        _device.Disk.FailRenames = true;
        await _device.OpenAsync(options => options with { EncryptionKey = _key, MigratePlainState = true });
        await _device.CloseAsync();
        _device.Disk.FailRenames = false;
        Directory.GetFiles(_device.Directory, "journal.*").Length.ShouldBeGreaterThan(1);

        await _device.OpenAsync(options => options with { EncryptionKey = _key, MigratePlainState = true });
        _device.Shadow.Reported["a"].ShouldBe(1);
        Directory.GetFiles(_device.Directory, "shadow.json*").ShouldBeEmpty();
        await OpenAsync(_key);
        _device.Shadow.Reported["a"].ShouldBe(1);
    }

    [Fact]
    public async Task The_state_of_another_thing_does_not_open_with_the_same_key()
    {
        await OpenAsync(_key);
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.CloseAsync();
        Should.Throw<InvalidOperationException>(() => new ShadowCache(_device.Options() with { EncryptionKey = _key, ThingName = "OTHER" }))
            .Message.ShouldContain("ThingName");
        await OpenAsync(_key);
        _device.Shadow.Reported["a"].ShouldBe(1);
    }

    [Fact]
    public async Task A_record_of_another_place_is_not_taken()
    {
        await OpenAsync(_key);
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.Shadow.Reported.SetAsync("a", 2);
        await _device.CloseAsync();

        // The two records change places, each with a checksum that fits.
        string path = Directory.GetFiles(_device.Directory, "journal.*").Single();
        byte[] file = await File.ReadAllBytesAsync(path);
        int length = (file.Length - 24) / 2;
        byte[] swapped = [.. file[..24], .. Sealed(file[(24 + length)..], 1), .. Sealed(file[24..(24 + length)], 2)];
        await File.WriteAllBytesAsync(path, swapped);
        await OpenAsync(_key);
        _device.Shadow.Reported["a"].ShouldBeNull();
        _device.Cache.Damage.ShouldNotBeEmpty();

        static byte[] Sealed(byte[] record, long sequence)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            StateFiles.Format.WriteRecord(buffer, 1, sequence, record.AsSpan(16));
            return buffer.WrittenSpan.ToArray();
        }
    }

    [Fact]
    public async Task A_record_that_was_taken_out_is_noticed()
    {
        await OpenAsync(_key);
        for (int i = 0; i < 3; i++)
        {
            await _device.Shadow.Reported.SetAsync("n" + i, i);
        }

        await _device.CloseAsync();
        string path = Directory.GetFiles(_device.Directory, "journal.*").Single();
        byte[] file = await File.ReadAllBytesAsync(path);
        int length = (file.Length - 24) / 3;
        await File.WriteAllBytesAsync(path, [.. file[..(24 + length)], .. file[(24 + (2 * length))..]]);
        await OpenAsync(_key);
        _device.Cache.Damage.ShouldHaveSingleItem().What.ShouldContain("missing");
        _device.Shadow.Reported.Value.Names.ShouldBe(["n0", "n2"]);
    }

    [Fact]
    public async Task An_older_copy_of_the_state_is_noticed_by_the_revision_that_the_caller_kept()
    {
        await OpenAsync(_key, ShadowDurability.Flushed);
        await _device.Shadow.Reported.SetAsync("a", 1);
        long first = _device.Cache.StateRevision;
        await _device.CloseAsync();
        Dictionary<string, byte[]> copy = Directory.GetFiles(_device.Directory).ToDictionary(static path => path, File.ReadAllBytes, StringComparer.Ordinal);

        await OpenAsync(_key, ShadowDurability.Flushed);
        _device.Cache.StateRevision.ShouldBe(first);
        await _device.Shadow.Reported.SetAsync("a", 2);
        long second = _device.Cache.StateRevision;
        await _device.Shadow.Reported.SetAsync("a", 3);
        long third = _device.Cache.StateRevision;
        await _device.CloseAsync();
        (first < second && second < third).ShouldBeTrue($"{first} {second} {third}");

        // As it is, it opens.
        await _device.OpenAsync(options => options with { EncryptionKey = _key, MinStateRevision = third });
        await _device.CloseAsync();

        // The last record is cut off, without a trace.
        string journal = Directory.GetFiles(_device.Directory, "journal.*").Order(StringComparer.Ordinal).Last();
        byte[] whole = await File.ReadAllBytesAsync(journal);
        await File.WriteAllBytesAsync(journal, whole[..(24 + ((whole.Length - 24) / 2))]);
        Older(third);

        // All of it is an older copy, or gone.
        foreach (string path in Directory.GetFiles(_device.Directory))
        {
            File.Delete(path);
        }

        Older(third);
        foreach ((string path, byte[] content) in copy)
        {
            await File.WriteAllBytesAsync(path, content);
        }

        Older(second);
        await _device.OpenAsync(options => options with { EncryptionKey = _key, MinStateRevision = first });
        _device.Shadow.Reported["a"].ShouldBe(1);

        void Older(long than) => Should.Throw<InvalidOperationException>(() => new ShadowCache(_device.Options() with { EncryptionKey = _key, MinStateRevision = than }))
            .Message.ShouldContain("MinStateRevision");
    }

    [Fact]
    public async Task A_revision_counts_what_is_on_the_disk_only()
    {
        await OpenAsync(_key);
        await _device.Shadow.Reported.SetAsync("a", 1);
        long first = _device.Cache.StateRevision;
        await _device.Shadow.Reported.SetAsync("a", 2);
        _device.Cache.StateRevision.ShouldBe(first);
    }

    [Fact]
    public async Task A_damaged_snapshot_falls_back_all_the_same()
    {
        for (int i = 0; i < 3; i++)
        {
            await OpenAsync(_key);
            await _device.Shadow.Reported.SetAsync("n" + i, i);
        }

        await _device.CloseAsync();
        string snapshot = Path.Combine(_device.Directory, "shadow.bin");
        byte[] file = await File.ReadAllBytesAsync(snapshot);
        file[^1] ^= 1;
        await File.WriteAllBytesAsync(snapshot, file);
        await OpenAsync(_key);
        _device.Cache.Damage.ShouldHaveSingleItem();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"n0":0,"n1":1,"n2":2}""");
    }

    private Task<ShadowCache> OpenAsync(byte[] key, ShadowDurability durability = ShadowDurability.Written) =>
        _device.OpenAsync(options => options with { EncryptionKey = key, Durability = durability });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
