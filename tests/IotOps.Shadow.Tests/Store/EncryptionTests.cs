using System.Security.Cryptography;
using System.Text;

namespace IotOps.Shadow.Tests.Store;

public sealed class EncryptionTests : IAsyncLifetime
{
    private const string Secret = "a secret nobody may read";

    private readonly ShadowFixture _device = new();
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
        await OpenAsync(_key);
        _device.Shadow.Reported.Value.Count.ShouldBe(2);
        await _device.Shadow.Reported.SetAsync("b", 1);
        foreach (string file in Directory.GetFiles(_device.Directory).Where(static path => Path.GetFileName(path) != "lock"))
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)).ShouldBe(-1, file);
        }

        await OpenAsync(_key);
        _device.Shadow.Reported.Value.Count.ShouldBe(3);
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

    private Task<ShadowCache> OpenAsync(byte[] key) => _device.OpenAsync(options => options with { EncryptionKey = key });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
