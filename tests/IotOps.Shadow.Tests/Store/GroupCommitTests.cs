namespace IotOps.Shadow.Tests.Store;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Edits_that_come_together_share_a_flush()
    {
        await using var device = new ShadowFixture();
        await device.OpenAsync(static options => options with { Durability = ShadowDurability.Flushed });
        await device.Shadow.Reported.SetAsync("n", 0);
        int before = device.Disk.Flushes;
        await Task.WhenAll(Enumerable.Range(1, 2000).Select(i => device.Shadow.Reported.SetAsync("n" + (i % 10), i).AsTask()));
        (device.Disk.Flushes - before).ShouldBeLessThan(500);
        device.Shadow.Reported.Value.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_flushed_edit_is_flushed_before_it_returns()
    {
        await using var device = new ShadowFixture();
        await device.OpenAsync(static options => options with { Durability = ShadowDurability.Flushed });
        await device.Shadow.Reported.SetAsync("n", 0);
        int before = device.Disk.Flushes;
        await device.Shadow.Reported.SetAsync("n", 1);
        (device.Disk.Flushes - before).ShouldBe(1);
    }

    [Fact]
    public async Task A_written_edit_waits_for_no_flush()
    {
        await using var device = new ShadowFixture();
        await device.OpenAsync();
        await device.Shadow.Reported.SetAsync("n", 0);
        int before = device.Disk.Flushes;
        await device.Shadow.Reported.SetAsync("n", 1);
        device.Disk.Flushes.ShouldBe(before);
    }

    [Fact]
    public async Task An_edit_that_throws_leaves_those_beside_it_alone()
    {
        await using var device = new ShadowFixture();
        await device.OpenAsync();
        Task good = device.Shadow.Reported.SetAsync("a", 1).AsTask();
        Task bad = device.Shadow.Reported.SetAsync("b", new string('x', 9000)).AsTask();
        Task alsoGood = device.Shadow.Reported.SetAsync("c", 3).AsTask();
        await good;
        (await Should.ThrowAsync<ShadowRejectedException>(() => bad)).Code.ShouldBe(413);
        await alsoGood;
        device.Shadow.Reported.Value.ToString().ShouldBe("""{"a":1,"c":3}""");
    }
}
