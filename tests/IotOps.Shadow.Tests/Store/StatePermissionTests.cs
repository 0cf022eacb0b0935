using IotOps.TestKit;

namespace IotOps.Shadow.Tests.Store;

[Collection(UnixModes.Collection)]
public sealed class StatePermissionTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();
    private readonly TestLogger _log = new();

    [Theory]
    [InlineData("000", false)]
    [InlineData("022", false)]
    [InlineData("000", true)]
    public async Task State_is_its_owners_alone_whatever_the_umask(string umask, bool isEncrypted)
    {
        using var modes = new UnixModes(umask);
        for (int i = 0; i < 3; i++)
        {
            await OpenAsync(isEncrypted);
            await _device.Shadow.Reported.SetAsync("a", i);
        }

        UnixModes.OpenToOthers(_device.Directory).ShouldBeEmpty();
        _log.Count(615).ShouldBe(0);

        // A damaged journal that is set aside, too.
        await _device.CloseAsync();
        string journal = Directory.GetFiles(_device.Directory, "journal.*").Order(StringComparer.Ordinal).Last();
        await File.AppendAllTextAsync(journal, "torn");
        await OpenAsync(isEncrypted);
        _device.Cache.Damage.ShouldNotBeEmpty();
        UnixModes.OpenToOthers(_device.Directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task State_of_an_older_version_is_closed_at_the_start_and_its_directory_is_named()
    {
        for (int i = 0; i < 3; i++)
        {
            await OpenAsync(isEncrypted: false);
            await _device.Shadow.Reported.SetAsync("a", i);
        }

        await _device.CloseAsync();
        foreach (string file in Directory.GetFiles(_device.Directory))
        {
            UnixModes.Set(file, "644");
        }

        UnixModes.Set(_device.Directory, "755");
        await OpenAsync(isEncrypted: false);
        UnixModes.OpenToOthers(_device.Directory).ShouldBe([$"{_device.Directory} 0755"]);
        _log.Entries.Where(static entry => entry.Id == 615).ShouldHaveSingleItem().Message.ShouldContain("chmod 700");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private Task<ShadowCache> OpenAsync(bool isEncrypted) =>
        _device.OpenAsync(options => options with { LoggerFactory = _log, EncryptionKey = isEncrypted ? new byte[32] : default });
}
