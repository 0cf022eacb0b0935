namespace IotOps.Shadow.Tests.Store;

public sealed class DamageTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task What_was_acknowledged_is_there_without_an_orderly_end()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);

        // As after kill -9: the files are all there is.
        using var copy = new IotOps.TestKit.TempDirectory(inMemory: true);
        CopyFiles(copy.Path);
        await using var second = new ShadowCache(_device.Options() with { StateDirectory = copy.Path });
        second[ShadowId.Classic].Reported["a"].ShouldBe(1);
        second.Damage.ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_torn_end_of_the_journal_costs_the_last_edit_at_most()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        int before = (int)new FileInfo(Journals().Single()).Length;
        await _device.Shadow.Reported.SetAsync("b", 2);
        await _device.CloseAsync();
        byte[] whole = await File.ReadAllBytesAsync(Journals().Single());
        for (int length = before; length < whole.Length; length++)
        {
            using var copy = new IotOps.TestKit.TempDirectory(inMemory: true);
            CopyFiles(copy.Path);
            string journal = Path.Combine(copy.Path, Path.GetFileName(Journals().Single()));
            await File.WriteAllBytesAsync(journal, whole[..length]);
            await using var cache = new ShadowCache(_device.Options() with { StateDirectory = copy.Path });
            cache[ShadowId.Classic].Reported.Value.ToString().ShouldBe("""{"a":1}""");
            cache.Damage.Count.ShouldBe(length == before ? 0 : 1);
            if (length > before)
            {
                cache.Damage[0].DamagedBytes.ShouldBe(length - before);
                (await File.ReadAllBytesAsync(cache.Damage[0].KeptAs!)).ShouldBe(whole[..length]);
            }
        }
    }

    [Fact]
    public async Task Any_flipped_bit_of_a_record_costs_that_record_only_and_is_told()
    {
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        int begin = (int)new FileInfo(Journals().Single()).Length;
        await _device.Shadow.Reported.SetAsync("b", 2);
        int end = (int)new FileInfo(Journals().Single()).Length;
        await _device.Shadow.Reported.SetAsync("c", 3);
        await _device.CloseAsync();
        byte[] whole = await File.ReadAllBytesAsync(Journals().Single());
        for (int bit = begin * 8; bit < end * 8; bit += 3)
        {
            using var copy = new IotOps.TestKit.TempDirectory(inMemory: true);
            CopyFiles(copy.Path);
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(Path.Combine(copy.Path, Path.GetFileName(Journals().Single())), flipped);
            await using var cache = new ShadowCache(_device.Options() with { StateDirectory = copy.Path });
            cache[ShadowId.Classic].Reported.Value.ToString().ShouldBe("""{"a":1,"c":3}""");
            ShadowDamage damage = cache.Damage.ShouldHaveSingleItem();
            (await File.ReadAllBytesAsync(damage.KeptAs!)).ShouldBe(flipped);
        }
    }

    [Fact]
    public async Task Any_flipped_bit_of_the_snapshot_falls_back_on_the_one_before_and_loses_nothing()
    {
        await MakeTwoGenerationsAsync();
        string snapshot = Path.Combine(_device.Directory, "shadow.json");
        byte[] whole = await File.ReadAllBytesAsync(snapshot);
        for (int bit = 0; bit < whole.Length * 8; bit += 29)
        {
            using var copy = new IotOps.TestKit.TempDirectory(inMemory: true);
            CopyFiles(copy.Path);
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(Path.Combine(copy.Path, "shadow.json"), flipped);
            await using var cache = new ShadowCache(_device.Options() with { StateDirectory = copy.Path });
            cache[ShadowId.Classic].Reported.Value.ToString().ShouldBe("""{"a":1,"b":2,"c":3}""", $"bit {bit}");

            // A bit in white space or a name that nothing reads changes nothing; every other is found.
            if (cache.Damage.Count > 0)
            {
                (await File.ReadAllBytesAsync(cache.Damage[0].KeptAs!)).ShouldBe(flipped);
            }
        }
    }

    [Fact]
    public async Task After_a_recovery_the_generation_before_is_whole_again()
    {
        await MakeTwoGenerationsAsync();
        await File.WriteAllTextAsync(Path.Combine(_device.Directory, "shadow.json"), "{");
        await _device.OpenAsync();
        _device.Cache.Damage.ShouldHaveSingleItem();
        await _device.CloseAsync();

        await File.WriteAllTextAsync(Path.Combine(_device.Directory, "shadow.json"), "");
        await _device.OpenAsync();
        _device.Cache.Damage.ShouldHaveSingleItem();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"a":1,"b":2,"c":3}""");
        Directory.GetFiles(_device.Directory, "*.damaged-*").Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_snapshot_is_readable()
    {
        await MakeTwoGenerationsAsync();
        ShadowValue snapshot = ShadowValue.Parse(await File.ReadAllBytesAsync(Path.Combine(_device.Directory, "shadow.json")));
        snapshot["thing"].ShouldBe(ShadowFixture.Thing);
        snapshot.TryGet("shadows", out ShadowValue? shadows).ShouldBeTrue();
        shadows![""]!["local"]!["reported"].ShouldBe(ShadowValue.Parse("""{"a":1,"b":2}"""));
    }

    [Fact]
    public async Task State_of_shadows_that_are_not_asked_for_is_kept()
    {
        await _device.OpenAsync(static options => options with { Shadows = [new ShadowId("config")] });
        await _device.Cache["config"].Reported.SetAsync("a", 1);
        await _device.OpenAsync();
        await _device.Shadow.Reported.SetAsync("b", 2);
        await _device.OpenAsync(static options => options with { Shadows = [new ShadowId("config")] });
        _device.Cache["config"].Reported["a"].ShouldBe(1);
    }

    [Fact]
    public async Task A_second_cache_may_not_use_the_directory()
    {
        await _device.OpenAsync();
        Should.Throw<IOException>(() => new ShadowCache(_device.Options())).Message.ShouldContain("another shadow cache uses it");
    }

    [Fact]
    public async Task A_journal_that_grows_becomes_a_snapshot()
    {
        await _device.OpenAsync();
        string text = new('x', 4000);
        for (int i = 0; i < 600; i++)
        {
            await _device.Shadow.Reported.SetAsync("text", text + i);
        }

        Journals().Sum(static path => new FileInfo(path).Length).ShouldBeLessThan(3 << 20);
        await _device.OpenAsync();
        _device.Shadow.Reported["text"].ShouldBe(text + "599");
        _device.Cache.Damage.ShouldBeEmpty();
    }

    private async Task MakeTwoGenerationsAsync()
    {
        // Each start begins a generation with its first edit.
        string[] names = ["a", "b", "c"];
        for (int i = 0; i < names.Length; i++)
        {
            await _device.OpenAsync();
            await _device.Shadow.Reported.SetAsync(names[i], i + 1);
        }

        await _device.CloseAsync();
    }

    private string[] Journals() => Directory.GetFiles(_device.Directory, "journal.*");

    private void CopyFiles(string to)
    {
        foreach (string file in Directory.GetFiles(_device.Directory).Where(static path => Path.GetFileName(path) != "lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
