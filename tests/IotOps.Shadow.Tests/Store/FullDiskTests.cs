namespace IotOps.Shadow.Tests.Store;

public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task An_edit_that_cannot_be_stored_throws_and_changes_nothing()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        _device.Disk.FreeBytes = 10;

        IOException error = await Should.ThrowAsync<IOException>(async () => await _device.Shadow.Reported.SetAsync("a", 2));
        error.Message.ShouldContain("nothing was changed");
        _device.Shadow.Reported["a"].ShouldBe(1);

        _device.Disk.FreeBytes = long.MaxValue;
        await _device.OpenAsync();
        _device.Shadow.Reported["a"].ShouldBe(1);
        _device.Cache.Damage.ShouldBeEmpty();
    }

    [Fact]
    public async Task Edits_work_again_once_there_is_room()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        _device.Disk.FreeBytes = 0;
        await Should.ThrowAsync<IOException>(async () => await _device.Shadow.Reported.SetAsync("a", 2));
        _device.Disk.FreeBytes = long.MaxValue;
        await _device.Shadow.Reported.SetAsync("b", 2);
        await _device.OpenAsync();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"a":1,"b":2}""");
    }

    [Fact]
    public async Task A_flush_that_fails_stores_nothing_even_if_the_bytes_are_there()
    {
        await _device.OpenAsync(static options => options with { Durability = ShadowDurability.Flushed });
        await _device.Shadow.Reported.SetAsync("a", 1);
        _device.Disk.FailFlushes = true;
        await Should.ThrowAsync<IOException>(async () => await _device.Shadow.Reported.SetAsync("a", 2));
        _device.Disk.FailFlushes = false;
        _device.Shadow.Reported["a"].ShouldBe(1);
        await _device.OpenAsync();
        _device.Shadow.Reported["a"].ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_disk_that_refuses_to_rename_loses_nothing(int generations)
    {
        for (int i = 0; i <= generations; i++)
        {
            await _device.OpenAsync();
            await _device.Shadow.Reported.SetAsync("n", i);
        }

        await _device.OpenAsync();
        _device.Disk.FailRenames = true;
        await Should.ThrowAsync<IOException>(async () => await _device.Shadow.Reported.SetAsync("n", 99));
        await _device.CloseAsync();
        _device.Disk.FailRenames = false;
        await _device.OpenAsync();
        _device.Shadow.Reported["n"].ShouldBe(generations);
        _device.Cache.Damage.ShouldBeEmpty();
        await _device.Shadow.Reported.SetAsync("n", 100);
    }

    [Fact]
    public async Task What_the_cloud_says_is_followed_on_a_full_disk()
    {
        await _device.OpenConnectedAsync();
        _device.Disk.FreeBytes = 0;
        await _device.CloudAsync("""{"desired":{"mode":"eco"}}""");
        _device.Shadow.Desired["mode"].ShouldBe("eco");
    }

    [Fact]
    public async Task Wherever_the_disk_fills_up_what_was_acknowledged_stays_and_the_store_opens()
    {
        for (int room = 0; room < 3000; room += 37)
        {
            await using var device = new ShadowFixture();
            await device.OpenAsync();
            device.Disk.FreeBytes = room;
            int acknowledged = -1;
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    await device.Shadow.Reported.SetAsync("n", i);
                    acknowledged = i;
                }
                catch (IOException)
                {
                    // Said so.
                }
            }

            device.Disk.FreeBytes = long.MaxValue;
            await device.OpenAsync();
            (device.Shadow.Reported["n"]?.GetInt64() ?? -1).ShouldBe(acknowledged, $"room {room}");
            device.Cache.Damage.ShouldBeEmpty();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
