namespace IotOps.Shadow.Tests.Sync;

public sealed class SubscriptionTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task Each_of_ten_shadows_has_five_exact_filters_in_one_subscription()
    {
        await _device.OpenConnectedAsync(static options => options with { Shadows = [ShadowId.Classic, .. Named(9)] });
        _device.Connection.Filters.Count.ShouldBe(10);
        _device.Connection.Filters.SelectMany(static f => f).Count().ShouldBe(50);
        _device.Connection.Filters.ShouldContain(static filters => filters.SequenceEqual(new[]
        {
            "$aws/things/THING00001/shadow/get/+",
            "$aws/things/THING00001/shadow/update/accepted",
            "$aws/things/THING00001/shadow/update/rejected",
            "$aws/things/THING00001/shadow/update/delta",
            "$aws/things/THING00001/shadow/delete/accepted",
        }));
    }

    [Fact]
    public async Task More_than_ten_share_five_filters()
    {
        await _device.OpenConnectedAsync(static options => options with { Shadows = [ShadowId.Classic, .. Named(11)] });
        _device.Connection.Filters.Count.ShouldBe(2);
        _device.Connection.Filters.SelectMany(static f => f).Count().ShouldBe(10);
        await _device.CloudAsync("""{"desired":{"a":1}}""", "s3");
        await _device.CloudAsync("""{"desired":{"a":2}}""", "stranger");
        _device.ShouldAgree("s3");
    }

    [Fact]
    public async Task Classic_and_named_shadows_do_not_mix()
    {
        await _device.OpenConnectedAsync(static options => options with { Shadows = [ShadowId.Classic, new ShadowId("config")] });
        await _device.CloudAsync("""{"desired":{"a":1}}""");
        await _device.CloudAsync("""{"desired":{"b":2}}""", "config");
        await _device.Cache["config"].Reported.SetAsync("b", 2);
        await _device.SettleAsync();
        _device.ShouldAgree();
        _device.ShouldAgree("config");
        _device.Shadow.Desired.Value.ToString().ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task Closing_ends_the_subscriptions_and_leaves_the_connection_alone()
    {
        await _device.OpenConnectedAsync();
        await _device.CloseAsync();
        _device.Connection.Filters.ShouldBeEmpty();
        _device.Connection.Outstanding.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a b")]
    public void A_thing_name_the_service_would_not_take_is_refused(string thing) =>
        Should.Throw<ArgumentException>(() => new ShadowCache(_device.Options() with { ThingName = thing })).Message.ShouldContain("ThingName");

    [Fact]
    public void Shadow_names_are_checked()
    {
        Should.Throw<ArgumentException>(() => new ShadowId("a/b"));
        Should.Throw<ArgumentException>(() => new ShadowId(new string('x', 65)));
        new ShadowId(new string('x', 64)).Name.Length.ShouldBe(64);
        new ShadowId("").ShouldBe(ShadowId.Classic);
        default(ShadowId).IsClassic.ShouldBeTrue();
    }

    [Fact]
    public void Two_caches_of_one_shadow_are_refused() => Should.Throw<ArgumentException>(
        () => new ShadowCache(_device.Options() with { Shadows = [ShadowId.Classic, ShadowId.Classic] })).Message.ShouldContain("twice");

    private static IEnumerable<ShadowId> Named(int count) => Enumerable.Range(0, count).Select(static i => new ShadowId("s" + i));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
