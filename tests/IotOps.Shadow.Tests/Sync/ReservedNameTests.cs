namespace IotOps.Shadow.Tests.Sync;

/// <summary>AWS takes <c>$</c> in shadow names, and uses it itself: <c>$package</c> belongs to the software package catalog.</summary>
public sealed class ReservedNameTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public async Task A_shadow_with_a_dollar_in_its_name_is_kept_like_any_other(int shadows)
    {
        ShadowId[] ids = [new("$package"), .. Enumerable.Range(1, shadows - 1).Select(static i => new ShadowId($"a${i}"))];
        await _device.OpenConnectedAsync(options => options with { Shadows = ids });
        await _device.Cache["$package"].Reported.SetAsync("firmware/version", "1.2.0");
        await _device.SettleAsync();
        await _device.CloudAsync("""{"desired":{"firmware":{"version":"1.3.0"}}}""", "$package");
        _device.ShouldAgree("$package");
        _device.Cache["$package"].Delta!.State.ToString().ShouldBe("""{"firmware":{"version":"1.3.0"}}""");

        await _device.OpenConnectedAsync(options => options with { Shadows = ids });
        _device.Cache["$package"].Reported["firmware/version"].ShouldBe("1.2.0");
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a#")]
    [InlineData("a+")]
    [InlineData("é")]
    public void Other_characters_are_refused(string name) => Should.Throw<ArgumentException>(() => new ShadowId(name)).Message.ShouldContain("$");

    [Fact]
    public async Task A_thing_name_has_no_dollar() =>
        await Should.ThrowAsync<ArgumentException>(() => _device.OpenAsync(static options => options with { ThingName = "$thing" }));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
