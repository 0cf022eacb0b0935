namespace IotOps.Shadow.Tests.Typed;

public sealed class TypedShadowTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    private Shadow<Boiler> Boiler => _device.Shadow.As(BoilerJson.Default.Boiler);

    [Fact]
    public async Task Both_sections_are_read_by_the_type_and_cached()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"target":21.5,"pump":{"on":true}},"reported":{"mode":"eco"}}""");
        Shadow<Boiler> boiler = Boiler;
        boiler.Desired.ShouldBe(new Boiler { Target = 21.5, Pump = new BoilerPump { On = true } });
        boiler.Reported.Mode.ShouldBe("eco");
        boiler.Desired.ShouldBeSameAs(boiler.Desired);
    }

    [Fact]
    public async Task Only_properties_that_changed_are_sent_and_told()
    {
        await _device.OpenConnectedAsync();
        await Boiler.ReportAsync(new Boiler { Target = 20, Mode = "eco", Pump = new BoilerPump { On = true, Speed = 3 } });
        await _device.SettleAsync();
        IReadOnlyList<string> changed = await Boiler.ReportAsync(static state => state with { Mode = "day", Pump = state.Pump! with { Speed = 4 } });
        changed.ShouldBe(["mode", "pump/speed"]);
        await _device.SettleAsync();
        _device.Connection.Updates[^1].Json["state"]!.ToJsonString().ShouldBe("""{"reported":{"mode":"day","pump":{"speed":4}}}""");
        (await Boiler.ReportAsync(static state => state)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Members_the_type_does_not_know_stay()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"reported":{"mode":"eco","vendor":{"x":1},"pump":{"serial":"p-1"}}}""");
        await Boiler.ReportAsync(static state => state with { Mode = "day", Pump = new BoilerPump { On = true } });
        await _device.SettleAsync();
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"mode":"day","pump":{"on":true,"serial":"p-1"},"restarts":0,"vendor":{"x":1}}""");
        _device.ShouldAgree();
    }

    [Fact]
    public async Task A_property_set_to_null_is_removed()
    {
        await _device.OpenConnectedAsync();
        await Boiler.ReportAsync(new Boiler { Target = 20, Alarms = ["hot"], Restarts = 1 });
        (await Boiler.ReportAsync(static state => state with { Alarms = null, Target = null })).ShouldBe(["alarms", "target"]);
        _device.Shadow.Reported.Value.ToString().ShouldBe("""{"restarts":1}""");
    }

    [Fact]
    public async Task A_default_is_reported_once_too()
    {
        await _device.OpenConnectedAsync();
        (await Boiler.ReportAsync(new Boiler())).ShouldBe(["restarts"]);
        (await Boiler.ReportAsync(new Boiler())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_at_once_do_not_lose_each_other()
    {
        await _device.OpenAsync();
        Shadow<Boiler> boiler = Boiler;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => boiler.ReportAsync(static state => state with { Restarts = state.Restarts + 1 }).AsTask()));
        boiler.Reported.Restarts.ShouldBe(500);
    }

    [Fact]
    public async Task Deltas_come_by_the_type_with_the_paths_that_differ()
    {
        await _device.OpenConnectedAsync();
        await _device.CloudAsync("""{"desired":{"target":21,"pump":{"speed":2}},"reported":{"target":21}}""");
        await foreach (ShadowDelta<Boiler> delta in Boiler.DeltasAsync())
        {
            delta.Changed.ShouldBe(["pump/speed"]);
            delta.Desired.Target.ShouldBe(21);
            await _device.Shadow.AcceptDeltaAsync(delta.Untyped);
            break;
        }

        _device.Shadow.Delta.ShouldBeNull();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
